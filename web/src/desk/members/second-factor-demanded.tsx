import { useQuery } from '@tanstack/react-query';
import { securityQuery } from '../../account/queries.js';
import { useTranslation } from '../../i18n/index.js';
import { proveAgain } from '../../proof.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { useForget } from '../../ui/use-forget.js';
import type { Organisation } from '../acting.js';

/** Says that the organisation asks for a second factor, to who has not logged in with one. */
export function SecondFactorDemanded({ organisation }: { organisation: Organisation | undefined }) {
  return organisation?.demandsSecondFactor ? <Demanded name={organisation.name} /> : null;
}

function Demanded({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data: security } = useQuery(securityQuery);
  const forget = useForget();
  if (!security || security.strong) return null;
  const has = security.secondFactor || security.passkeys > 0;
  return (
    <div className="notice warm stack tight" role="status">
      <p>{t('members.demanded', { organisation: name })}</p>
      <div>
        {has ? (
          <Button
            look="main"
            onClick={() =>
              proveAgain().then((given) => given && forget('security', 'organisations', 'events'))
            }
          >
            {t('members.proveNow')}
          </Button>
        ) : (
          <ButtonLink look="main" to="/account/security">
            {t('members.setUpFactor')}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}
