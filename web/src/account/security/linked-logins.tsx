import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { api, ok } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { useSession } from '../../session.js';
import { Button } from '../../ui/button.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { identitiesQuery, openProvidersQuery, useProvider } from '../identities.js';

/** Section of the account's security: providers with which one can log in to it, to link and to unlink. */
export function LinkedLogins() {
  const { t } = useTranslation();
  const linked = useQuery(identitiesQuery);
  return (
    <section className="card stack" aria-labelledby="linked-logins">
      <h2 id="linked-logins">{t('identity.title')}</h2>
      <p className="soft">{t('identity.text')}</p>
      <Load of={linked} waiting={<Skeleton height="3rem" />}>
        {({ data }) => (
          <>
            {data.length === 0 ? (
              <p>{t('identity.none')}</p>
            ) : (
              <ul className="desk-list" aria-label={t('identity.title')}>
                {data.map((one) => (
                  <Linked key={one.id} {...one} />
                ))}
              </ul>
            )}
            <ToLink linked={data.map(({ provider }) => provider)} />
          </>
        )}
      </Load>
    </section>
  );
}

function Linked({ id, name, linkedAt, lastUsedAt }: Linking) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const unlink = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/auth/me/identities/{identity}', { params: { path: { identity: id } } }));
      forget('identities', 'security');
      say(t('identity.unlinked'));
    });
  return (
    <li className="stack tight">
      <div className="row spread">
        <div className="stack tight">
          <strong className="wrap">{name}</strong>
          <span className="small soft">
            {lastUsedAt
              ? t('identity.used', { at: moment(lastUsedAt) })
              : t('identity.since', { at: moment(linkedAt) })}
          </span>
        </div>
        <Button
          busy={busy}
          aria-label={t('identity.unlinkOf', { name })}
          onClick={() => confirm(t('identity.unlinkSure', { name })) && void unlink()}
        >
          {t('identity.unlink')}
        </Button>
      </div>
      <Fault error={error} />
    </li>
  );
}

interface Linking {
  readonly id: string;
  readonly name: string;
  readonly linkedAt: string;
  readonly lastUsedAt: string | null;
}

/** Buttons for the providers of the installation that are not linked yet. */
function ToLink({ linked }: { linked: readonly string[] }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { pathname } = useLocation();
  const { data } = useQuery({ ...openProvidersQuery(), retry: false });
  const { busy, error, leave } = useProvider('link');
  const left = data?.data.filter(({ id }) => !linked.includes(id)) ?? [];
  if (left.length === 0) return null;
  if (user && !user.emailVerified) return <p className="notice">{t('errors.email_not_verified')}</p>;
  return (
    <>
      <div className="row">
        {left.map(({ id, name }) => (
          <Button key={id} busy={busy} onClick={() => void leave(id, pathname)}>
            {t('identity.link', { name })}
          </Button>
        ))}
      </div>
      <Fault error={error} />
    </>
  );
}
