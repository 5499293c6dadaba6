import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import '../styles/desk.css';
import { Load, Skeleton } from '../ui/states.js';
import { Tabs } from '../ui/tabs.js';
import { choose, chosenOf, mayFound, type Organisation, organisationsQuery, startAnew } from './acting.js';
import { OwnershipOffers } from './members/ownership-offers.js';
import { PermissionMissing } from './members/permission-missing.js';
import { SecondFactorDemanded } from './members/second-factor-demanded.js';
import { missingFor, RightsProvider, rightsOf } from './rights.js';

const TABS = [
  ['/desk', 'desk.events'],
  ['/desk/sales', 'desk.sales'],
  ['/desk/venues', 'desk.venues'],
  ['/desk/webhooks', 'hooks.title'],
  ['/desk/keys', 'keys.title'],
  ['/desk/members', 'members.title'],
  ['/desk/house', 'house.page'],
  ['/desk/logins', 'providers.title'],
  ['/desk/log', 'log.title'],
  ['/desk/organisation', 'members.organisation'],
] as const;

/** Choice that leads to a new organisation. */
const FOUND = 'new';

/** Around all pages of organizers: shows what one may do, for the organisation that is chosen. */
export function DeskFrame() {
  const organisations = useQuery(organisationsQuery);
  return (
    <Load
      of={organisations}
      waiting={
        <div className="page">
          <Skeleton height="20rem" />
        </div>
      }
    >
      {({ data }) => <Desk own={data} />}
    </Load>
  );
}

function Desk({ own }: { own: readonly Organisation[] }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { pathname } = useLocation();
  const go = useNavigate();
  const [, again] = useState(0);
  const admin = user?.role === 'admin';
  const acting = chosenOf(own, admin);
  const rights = rightsOf(acting ?? own[0], { admin, everywhere: !acting });
  const missing = missingFor(rights, pathname);
  const change = async (id: string) => {
    if (id === FOUND) return go('/desk/organisation/new');
    await go('/desk');
    choose(id || undefined);
    again((times) => times + 1);
    void startAnew();
  };
  return (
    <RightsProvider value={rights}>
      {own.length > 1 && (
        <div className="acting">
          <label className="row">
            <span className="small">{t('members.acting')}</span>
            <select
              className="input"
              value={acting?.id ?? ''}
              onChange={({ target }) => void change(target.value)}
            >
              {admin && <option value="">{t('members.allOrganisations')}</option>}
              {own.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              {mayFound(own, admin) && <option value={FOUND}>{t('members.foundAnother')}</option>}
            </select>
          </label>
        </div>
      )}
      <Tabs label={t('nav.desk')}>
        {TABS.filter(([path]) => !missingFor(rights, path)).map(([path, name]) => (
          <NavLink key={path} to={path} end={path === '/desk'}>
            {t(name)}
          </NavLink>
        ))}
      </Tabs>
      <OwnershipOffers own={own} />
      <SecondFactorDemanded organisation={acting ?? (admin ? undefined : own[0])} />
      {missing ? <PermissionMissing permission={missing} /> : <Outlet key={acting?.id} />}
    </RightsProvider>
  );
}
