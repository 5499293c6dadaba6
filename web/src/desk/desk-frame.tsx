import { useTranslation } from 'react-i18next';
import { NavLink, Outlet } from 'react-router';
import '../styles/desk.css';

/** Around all pages of organizers. */
export function DeskFrame() {
  const { t } = useTranslation();
  return (
    <>
      <nav className="tabs" aria-label={t('nav.desk')}>
        <div>
          <NavLink to="/desk" end>
            {t('desk.events')}
          </NavLink>
          <NavLink to="/desk/sales">{t('desk.sales')}</NavLink>
          <NavLink to="/desk/venues">{t('desk.venues')}</NavLink>
          <NavLink to="/desk/webhooks">{t('hooks.title')}</NavLink>
        </div>
      </nav>
      <Outlet />
    </>
  );
}
