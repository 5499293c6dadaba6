import { useTranslation } from 'react-i18next';
import { useTitle } from '../ui/use-title.js';

/** Everything below /desk. */
export function Desk() {
  const { t } = useTranslation();
  useTitle(t('nav.desk'));
  return (
    <div className="page">
      <h1>{t('nav.desk')}</h1>
    </div>
  );
}
