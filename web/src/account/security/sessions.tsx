import { useQuery } from '@tanstack/react-query';
import { api, ok, type Schemas } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { sessionsQuery } from '../queries.js';

type Session = Schemas['Sessions']['data'][number];

/** Where the account is logged in, each with a button that ends it. */
export function Sessions() {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const sessions = useQuery(sessionsQuery);
  const { busy, error, run } = useWork();
  const end = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      forget('sessions');
      say(t('security.ended'));
    });
  const endOne = (id: string) =>
    end(() => ok(api.DELETE('/api/v1/auth/me/sessions/{id}', { params: { path: { id } } })));
  return (
    <section className="card stack" aria-labelledby="sessions">
      <h2 id="sessions">{t('security.sessions')}</h2>
      <p className="soft">{t('security.sessionsText')}</p>
      <Load of={sessions} waiting={<Skeleton height="3.5rem" count={2} />}>
        {({ data }) => (
          <>
            <ul className="lines">
              {/* This one first. */}
              {data
                .toSorted((a, b) => Number(b.current) - Number(a.current))
                .map((session) => (
                  <SessionItem
                    key={session.id}
                    session={session}
                    busy={busy}
                    end={() => endOne(session.id)}
                  />
                ))}
            </ul>
            <Fault error={error} />
            {data.length > 1 && (
              <div>
                <Button
                  look="danger"
                  busy={busy}
                  onClick={() => end(() => ok(api.DELETE('/api/v1/auth/me/sessions')))}
                >
                  {t('security.endOthers')}
                </Button>
              </div>
            )}
          </>
        )}
      </Load>
    </section>
  );
}

function SessionItem({ session, busy, end }: { session: Session; busy: boolean; end: () => void }) {
  const { t } = useTranslation();
  const { id, browser, system, ip, current, createdAt, lastUsedAt, methods } = session;
  const device = [browser, system].filter(Boolean).join(', ') || t('security.unknownDevice');
  return (
    <li className="row spread">
      <div className="stack tight grow" id={`session-${id}`}>
        <span className="row">
          <strong>{device}</strong>
          {current && <span className="badge good">{t('security.thisOne')}</span>}
        </span>
        <span className="small soft">
          {[
            ip,
            t('security.lastUse', { date: moment(lastUsedAt) }),
            t('security.since', { date: moment(createdAt) }),
            methods.map((method) => t(`security.methods.${method}`)).join(' + '),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      {!current && (
        <Button aria-describedby={`session-${id}`} busy={busy} onClick={end}>
          {t('security.end')}
        </Button>
      )}
    </li>
  );
}
