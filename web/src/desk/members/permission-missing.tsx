import { useTranslation } from '../../i18n/index.js';
import { ButtonLink } from '../../ui/button.js';
import { Blank } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { type Permission, useRights } from '../rights.js';

/** In place of a page that one may not open. */
export function PermissionMissing({ permission }: { permission: Permission }) {
  const { t } = useTranslation();
  const { organisation } = useRights();
  useTitle(t('members.missing'));
  return (
    <div className="page narrow stack loose">
      <h1>{t('members.missing')}</h1>
      <Blank
        title={t('members.missingTitle', { permission: t(`members.permissions.${permission}`) })}
        text={t('members.missingText', { organisation: organisation?.name })}
      >
        <ButtonLink look="main" to="/desk">
          {t('members.toEvents')}
        </ButtonLink>
      </Blank>
    </div>
  );
}
