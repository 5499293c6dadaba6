import { useTranslation } from 'react-i18next';
import { useTitle } from '../ui/use-title.js';

/** Everything below /operator. */
export function Operator() {
  const { t } = useTranslation();
  useTitle(t('nav.operator'));
  return (
    <div className="page">
      <h1>{t('nav.operator')}</h1>
    </div>
  );
}
