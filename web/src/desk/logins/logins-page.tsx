import { useTranslation } from '../../i18n/index.js';
import { useTitle } from '../../ui/use-title.js';
import { useRights } from '../rights.js';
import { CopyField } from './copy-field.js';
import { ProviderList } from './provider-list.js';
import { ofOrganisation } from './providers.js';

/** Providers with which people of the organisation log in. */
export function LoginsPage() {
  const { t } = useTranslation();
  const { organisation } = useRights();
  useTitle(t('providers.title'), organisation?.name);
  return (
    <div className="page stack loose">
      <div className="stack tight">
        <h1>{t('providers.title')}</h1>
        <p className="soft">{t('providers.ownText', { organisation: organisation?.name })}</p>
      </div>
      {organisation && (
        <>
          <CopyField label={t('providers.page')} value={`${location.origin}/login/o/${organisation.id}`} />
          <ProviderList of={ofOrganisation(organisation.id)} />
        </>
      )}
    </div>
  );
}
