import { ProviderList } from '../desk/logins/provider-list.js';
import { ofInstallation } from '../desk/logins/providers.js';
import { useTranslation } from '../i18n/index.js';
import { OperatorPage } from './page.js';

/** Providers with which everybody may log in. */
export function LoginsPage() {
  const { t } = useTranslation();
  return (
    <OperatorPage title={t('providers.title')} text={t('providers.text')}>
      <ProviderList of={ofInstallation} />
    </OperatorPage>
  );
}
