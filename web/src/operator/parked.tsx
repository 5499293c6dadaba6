import { api, ok, type Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Fault } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';

type Stream = Schemas['Outbox']['parked'][number];

/** Streams that a handler could not take, each with another try. */
export function Parked({ parked }: { parked: readonly Stream[] }) {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-labelledby="parked">
      <h2 id="parked">{t('operator.parked')}</h2>
      {parked.length === 0 && <p className="notice good">{t('operator.noParked')}</p>}
      <ul className="stack">
        {parked.map((stream) => (
          <ParkedStream key={`${stream.handler} ${stream.stream} ${stream.streamId}`} of={stream} />
        ))}
      </ul>
    </section>
  );
}

function ParkedStream({ of }: { of: Stream }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const { handler, stream, streamId, version, attempts, parkedAt, retryAt } = of;
  const retry = () =>
    run(async () => {
      await ok(api.POST('/api/v1/admin/outbox/parked/retry', { body: { handler, stream, streamId } }));
      forget('operator');
      say(t('operator.goesOn'));
    });
  return (
    <li className="card stack tight">
      <strong>
        {handler} · {stream} {streamId} · v{version}
      </strong>
      <span className="small soft">
        {moment(parkedAt)} · {t('operator.attempts', { count: attempts })} ·{' '}
        {retryAt ? t('operator.triedAgain', { date: moment(retryAt) }) : t('operator.givenUp')}
      </span>
      <code className="small">{of.error}</code>
      <Fault error={error} />
      <div>
        <Button busy={busy} onClick={retry}>
          {t('app.retry')}
        </Button>
      </div>
    </li>
  );
}
