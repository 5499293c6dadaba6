import { NavLink, Outlet, useLocation } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { Tabs } from '../ui/tabs.js';
import { useTitle } from '../ui/use-title.js';
import '../styles/desk.css';

const PAGES = ['sagas', 'payments', 'mails', 'house', 'users', 'logins', 'acts'] as const;

/** Around all pages of operators. */
export function OperatorFrame() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const open = PAGES.find((page) => pathname.startsWith(`/operator/${page}`));
  useTitle(open ? t(`operator.pages.${open}`) : t('operator.overview'), t('nav.operator'));
  return (
    <>
      <Tabs label={t('nav.operator')}>
        <NavLink to="/operator" end>
          {t('operator.overview')}
        </NavLink>
        {PAGES.map((page) => (
          <NavLink key={page} to={`/operator/${page}`}>
            {t(`operator.pages.${page}`)}
          </NavLink>
        ))}
      </Tabs>
      <Outlet />
    </>
  );
}
