import { useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, ok, type Schemas } from '../../api.js';
import { longDate } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { eventQuery } from '../../shop/queries.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Sheet } from '../../ui/sheet.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { useRights } from '../rights.js';
import { CheckList } from './check-list.js';
import { CancelEvent, CancellationProgress } from './event-cancellation.js';
import type { Event } from './event-frame.js';
import { PauseButton, Paused } from './sale-pause.js';

type Warning = Schemas['PublishWarning'];
type Warn = (warnings: readonly Warning[]) => void;

/** Status of an event, and the actions that change it. */
export function Lifecycle({ event }: { event: Event }) {
  const { t } = useTranslation();
  const [warnings, setWarnings] = useState<readonly Warning[]>([]);
  return (
    <>
      <Stage event={event} warn={setWarnings} />
      {warnings.length > 0 && (
        <Sheet title={t('desk.published')} close={() => setWarnings([])}>
          <p>{t('desk.notPrinted')}</p>
          <dl className="pairs">
            {warnings.map(({ where, characters }) => (
              <Fragment key={where}>
                <dt>{t(`desk.notPrintedIn.${where}`)}</dt>
                <dd>{characters.join(' ')}</dd>
              </Fragment>
            ))}
          </dl>
          <Button look="main" onClick={() => setWarnings([])}>
            {t('desk.understood')}
          </Button>
        </Sheet>
      )}
    </>
  );
}

function Stage({ event, warn }: { event: Event; warn: Warn }) {
  if (event.status === 'draft') return <Draft event={event} warn={warn} />;
  if (event.status === 'published') return <OnSale event={event} />;
  return event.status === 'cancelled' ? <CancellationProgress event={event} /> : null;
}

function Draft({ event, warn }: { event: Event; warn: Warn }) {
  const { t } = useTranslation();
  const { id } = event;
  const { may } = useRights();
  const go = useNavigate();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [publishing, setPublishing] = useState(false);
  const priced = event.priceTiers.length > 0;
  const remove = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/events/{id}', { params: { path: { id } } }));
      forget('events');
      await go('/desk');
    });
  return (
    <section className="card stack" aria-labelledby="draft">
      <h2 id="draft">{t('desk.draftTitle')}</h2>
      <p>{priced ? t('desk.draftText') : t('desk.draftUnpriced')}</p>
      <CheckList event={event} />
      <Fault error={error} />
      <div className="row">
        {priced && (
          <Button look="main" onClick={() => setPublishing(true)}>
            {t('desk.publish')}
          </Button>
        )}
        {!priced && may('prices', id) && (
          <Link className="button main" to={`/desk/events/${id}/places`}>
            {t('desk.setPrices')}
          </Link>
        )}
        <ButtonLink to={`/desk/events/${id}/preview`}>{t('desk.previewTitle')}</ButtonLink>
        <Button look="danger" busy={busy} onClick={() => confirm(t('desk.deleteSure')) && remove()}>
          {t('desk.delete')}
        </Button>
      </div>
      {publishing && (
        <Sheet title={t('desk.publishSure')} close={() => setPublishing(false)}>
          <Publish event={event} warn={warn} close={() => setPublishing(false)} />
        </Sheet>
      )}
    </section>
  );
}

/** Asks once more: publishing cannot be taken back. */
function Publish({ event, warn, close }: { event: Event; warn: Warn; close: () => void }) {
  const { t } = useTranslation();
  const { id, title, saleStartsAt, timezone } = event;
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const publish = () =>
    run(async () => {
      const { warnings, ...published } = await ok(
        api.POST('/api/v1/events/{id}/publish', { params: { path: { id } } }),
      );
      queries.setQueryData(eventQuery(id).queryKey, published);
      forget('events');
      if (warnings.length > 0) warn(warnings);
      else say(t('desk.published'));
    });
  return (
    <>
      <p>
        {saleStartsAt && Date.parse(saleStartsAt) > Date.now()
          ? t('desk.publishLater', { title, date: longDate(saleStartsAt, timezone) })
          : t('desk.publishAtOnce', { title })}
      </p>
      <p>{t('desk.publishForGood')}</p>
      <Fault error={error} />
      <div className="row">
        <Button look="main" busy={busy} onClick={publish}>
          {t('desk.publishNow')}
        </Button>
        <Button onClick={close}>{t('app.cancel')}</Button>
      </div>
    </>
  );
}

function OnSale({ event }: { event: Event }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <section className="stack">
      {event.salePausedAt ? <Paused event={event} /> : <p className="soft">{t('desk.onSaleText')}</p>}
      <div className="row">
        <PauseButton event={event} />
        <Button look="danger" onClick={() => setOpen(true)}>
          {t('desk.cancelEvent')}
        </Button>
      </div>
      {open && (
        <Sheet title={t('desk.cancelEvent')} close={() => setOpen(false)}>
          <CancelEvent event={event} close={() => setOpen(false)} />
        </Sheet>
      )}
    </section>
  );
}
