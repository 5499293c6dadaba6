import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/index.js';
import { Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { securityQuery } from './queries.js';
import { LinkedLogins } from './security/linked-logins.js';
import { Passkeys } from './security/passkeys.js';
import { SecondFactor } from './security/second-factor.js';
import { Sessions } from './security/sessions.js';

/** How one logs in to this account, and where somebody has. */
export function SecurityPage() {
  const { t } = useTranslation();
  const security = useQuery(securityQuery);
  useTitle(t('security.title'));
  return (
    <div className="page narrow stack far">
      <div className="stack tight">
        <h1>{t('security.title')}</h1>
        <p className="soft">{t('security.text')}</p>
      </div>
      <Load of={security} waiting={<Skeleton height="12rem" count={3} />}>
        {(standing) => (
          <>
            <Passkeys />
            <SecondFactor standing={standing} />
            <LinkedLogins />
            <Sessions />
          </>
        )}
      </Load>
    </div>
  );
}
