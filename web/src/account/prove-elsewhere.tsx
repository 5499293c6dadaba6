import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Fault } from '../ui/states.js';
import { identitiesQuery, useProvider } from './identities.js';

/** Proves who somebody is at a linked provider; `none` is shown where nothing is linked. */
export function ProveElsewhere({ none }: { none: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { data: linked } = useQuery(identitiesQuery);
  const { busy, error, leave } = useProvider('stepUp');
  if (!linked) return null;
  if (linked.data.length === 0) return <p>{none}</p>;
  return (
    <div className="stack">
      {linked.data.map(({ id, provider, name }) => (
        <Button key={id} wide busy={busy} onClick={() => void leave(provider, pathname)}>
          {t('identity.prove', { name })}
        </Button>
      ))}
      <Fault error={error} />
    </div>
  );
}
