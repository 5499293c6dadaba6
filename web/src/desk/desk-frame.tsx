import { NavLink, Outlet } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import '../styles/desk.css';
import { Tabs } from '../ui/tabs.js';

/** Around all pages of organizers. */
export function DeskFrame() {
  const { t } = useTranslation();
  return (
    <>
      <Tabs label={t('nav.desk')}>
        <NavLink to="/desk" end>
          {t('desk.events')}
        </NavLink>
        <NavLink to="/desk/sales">{t('desk.sales')}</NavLink>
        <NavLink to="/desk/venues">{t('desk.venues')}</NavLink>
        <NavLink to="/desk/webhooks">{t('hooks.title')}</NavLink>
      </Tabs>
      <Outlet />
    </>
  );
}
