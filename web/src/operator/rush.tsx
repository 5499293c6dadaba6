import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok, type Schemas } from '../api.js';
import { number } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button, ButtonLink } from '../ui/button.js';
import { Select } from '../ui/field.js';
import { Fault } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { onSaleQuery, rushQuery } from './queries.js';

const LOOK_EVERY_MS = 1_000;

/** Robots that buy while people watch, on a demo only. */
export function Rush() {
  const { t } = useTranslation();
  const { data: rush } = useQuery(rushQuery);
  const goesOn = rush?.state === 'running' || rush?.state === 'checking';
  const { data: events } = useQuery({
    ...onSaleQuery,
    enabled: rush !== undefined,
    // How many places are left changes while the robots buy.
    refetchInterval: goesOn && LOOK_EVERY_MS,
  });
  const [chosen, choose] = useState<string>();
  const { busy, error, run } = useWork();
  const forget = useForget();
  if (!rush || !events) return null;
  const roomiest = events.data
    .toSorted((a, b) => a.places - b.places)
    .find(({ freePlaces }) => freePlaces >= 800);
  const eventId = chosen ?? rush.eventId ?? (roomiest ?? events.data[0])?.id;
  const start = () =>
    run(async () => {
      await ok(api.POST('/api/v1/admin/demo/rush', { body: eventId ? { eventId } : {} }));
      forget('operator');
    });
  return (
    <section className="card stack" aria-labelledby="rush">
      <div className="stack tight">
        <h2 id="rush">{t('operator.rush.title')}</h2>
        <p className="small soft">{t('operator.rush.text')}</p>
      </div>
      <div className="row">
        <Select
          label={t('operator.rush.event')}
          value={eventId}
          disabled={goesOn}
          onChange={({ target }) => choose(target.value)}
        >
          {events.data.map(({ id, title, freePlaces }) => (
            <option key={id} value={id}>
              {title} ({t('browse.left', { places: number(freePlaces) })})
            </option>
          ))}
        </Select>
        <Button look="main" busy={busy || goesOn} onClick={start}>
          {t('operator.rush.start')}
        </Button>
        {eventId && (
          <ButtonLink to={`/events/${eventId}`} target="_blank">
            {t('operator.rush.map')}
          </ButtonLink>
        )}
      </div>
      <Fault error={error} />
      {rush.state !== 'none' && <Progress rush={rush} />}
    </section>
  );
}

function Progress({ rush }: { rush: Schemas['DemoRush'] }) {
  const { t } = useTranslation();
  const figures = (['seconds', 'bought', 'givenBack', 'refused'] as const).map((name) => (
    <div key={name}>
      <dt>{t(`operator.rush.${name}`)}</dt>
      <dd>{number(rush[name])}</dd>
    </div>
  ));
  return (
    <>
      <p className="small">
        <strong>{rush.title}</strong>
      </p>
      <dl className="figures numbers">{figures}</dl>
      <p role="status">
        <Verdict rush={rush} />
      </p>
    </>
  );
}

function Verdict({ rush: { state, violations } }: { rush: Schemas['DemoRush'] }) {
  const { t } = useTranslation();
  if (state === 'running') return null;
  if (state === 'checking') return t('operator.rush.checking');
  if (violations === null) return t('operator.rush.early');
  if (violations === 0) return <strong className="badge good">{t('operator.rush.clean')}</strong>;
  return <strong className="badge danger">{t('operator.rush.violations', { count: violations })}</strong>;
}
