import { useState } from 'react';
import { api, ok } from '../../api.js';
import { moment, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { SandboxBadge } from '../../shop/event-name.js';
import { Button } from '../../ui/button.js';
import { Select } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Sheet } from '../../ui/sheet.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { RightsWords } from '../members/rights-words.js';
import { isOver, type Key, type MadeKey } from './queries.js';

interface Props {
  organisationId: string;
  apiKey: Key;
}

/** Hours for which the old key still works. */
const OVERLAPS = [
  ['now', 0],
  ['hour', 1],
  ['day', 24],
  ['week', 168],
  ['month', 720],
] as const;

/** A key with what it may do, its use, and the ways to end it. */
export function KeyItem({ show, ...props }: Props & { show: (made: MadeKey) => void }) {
  const { t } = useTranslation();
  const [rotating, setRotating] = useState(false);
  const { apiKey } = props;
  const { name, test, ending, createdAt, createdByName, createdByMember, lastUsedAt, requests } = apiKey;
  const over = isOver(apiKey);
  const by = createdByName ?? t('keys.somebody');
  return (
    <li>
      <div className="stack tight wrap">
        <div className="row">
          <strong>{name}</strong>
          {test && <SandboxBadge />}
          {over && <span className="badge danger">{t('keys.over')}</span>}
        </div>
        <code className="small">
          evk_{test ? 'test' : 'live'}_…{ending}
        </code>
        <RightsWords rights={apiKey} />
        <span className="small soft">
          {t(createdByMember ? 'keys.madeBy' : 'keys.madeByFormer', { name: by, date: moment(createdAt) })}
        </span>
        <span className="small soft">
          {lastUsedAt
            ? t('keys.used', { count: requests, number: number(requests), date: moment(lastUsedAt) })
            : t('keys.unused')}
        </span>
        <Until apiKey={apiKey} />
      </div>
      {!over && (
        <div className="row">
          <Button onClick={() => setRotating(true)} aria-label={t('keys.rotateOf', { name })}>
            {t('keys.rotate')}
          </Button>
          <End {...props} />
        </div>
      )}
      {rotating && (
        <Sheet title={t('keys.rotateOf', { name })} close={() => setRotating(false)}>
          <Rotate
            {...props}
            done={(made) => {
              setRotating(false);
              show(made);
            }}
          />
        </Sheet>
      )}
    </li>
  );
}

function Until({ apiKey }: { apiKey: Key }) {
  const { t } = useTranslation();
  const { endedAt, expiresAt } = apiKey;
  if (endedAt) return <span className="small fault">{t('keys.endedOn', { date: moment(endedAt) })}</span>;
  if (!expiresAt) return <span className="small soft">{t('keys.noEnd')}</span>;
  return (
    <span className={isOver(apiKey) ? 'small fault' : 'small soft'}>
      {t(isOver(apiKey) ? 'keys.overSince' : 'keys.validUntil', { date: moment(expiresAt) })}
    </span>
  );
}

function End({ organisationId, apiKey: { id, name } }: Props) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const end = () =>
    run(async () => {
      const params = { path: { id: organisationId, key: id } };
      await ok(api.DELETE('/api/v1/organisations/{id}/keys/{key}', { params }));
      forget('keys');
      say(t('keys.ended', { name }));
    });
  return (
    <>
      <Button
        look="danger"
        busy={busy}
        onClick={() => confirm(t('keys.endSure', { name })) && void end()}
        aria-label={t('keys.endOf', { name })}
      >
        {t('keys.end')}
      </Button>
      <Fault error={error} />
    </>
  );
}

/** Another key with the same rights, while the old one works on for a while. */
function Rotate({ organisationId, apiKey: { id }, done }: Props & { done: (made: MadeKey) => void }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const rotate = (data: FormData) =>
    run(async () => {
      const params = { path: { id: organisationId, key: id } };
      const body = { overlapHours: Number(textOf(data, 'overlap')) };
      const made = await ok(api.POST('/api/v1/organisations/{id}/keys/{key}/rotate', { params, body }));
      forget('keys');
      done(made);
    });
  return (
    <Form submit={rotate} className="stack">
      <p>{t('keys.rotateText')}</p>
      <Select label={t('keys.overlap')} name="overlap" defaultValue="24">
        {OVERLAPS.map(([name, hours]) => (
          <option key={hours} value={hours}>
            {t(`keys.overlaps.${name}`)}
          </option>
        ))}
      </Select>
      <Fault error={error} />
      <div>
        <Button look="main" type="submit" busy={busy}>
          {t('keys.rotateNow')}
        </Button>
      </div>
    </Form>
  );
}
