import { useQuery } from '@tanstack/react-query';
import { Suspense, useSyncExternalStore } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { api, client, ok } from '../api.js';
import { Basket } from '../booking/basket.js';
import { TitleClock } from '../booking/title-clock.js';
import { inLanguage, legalPath, useColors, useHouse, useHouseOf } from '../house/house.js';
import { LANGUAGES, type Language, setLanguage, useTranslation } from '../i18n/index.js';
import { isProofAsked, onProofAsked } from '../proof.js';
import { useSession } from '../session.js';
import { setTheme, THEMES, type Theme, useTheme } from '../theme.js';
import { Sturdy } from './broken.js';
import { Code } from './code.js';
import { BellIcon, BrandIcon, GearIcon, PersonIcon } from './icons.js';
import { LiveNews } from './live-news.js';
import { Menu } from './menu.js';
import { Toasts, useToast } from './toasts.js';
import { useArrival } from './use-arrival.js';

const loadProofDialog = async () => (await import('../account/proof-dialog.js')).ProofDialog;

/** Head, page and foot. */
export function Frame() {
  const { t } = useTranslation();
  const { signedIn } = useSession();
  const { pathname } = useLocation();
  const proofAsked = useSyncExternalStore(onProofAsked, isProofAsked);
  const house = useHouse();
  useHouseOf(pathname);
  useColors(house);
  useArrival();
  return (
    <Toasts>
      <a className="button main skip" href="#main">
        {t('app.skip')}
      </a>
      <Head />
      <main id="main" tabIndex={-1} className="content">
        <Sturdy path={pathname}>
          <Suspense>
            <Outlet />
          </Suspense>
        </Sturdy>
      </main>
      <footer className="foot">
        <div>{house.version > 1 ? <HouseFoot /> : <OwnFoot />}</div>
      </footer>
      {proofAsked && (
        <Suspense>
          <Code load={loadProofDialog} />
        </Suspense>
      )}
      {signedIn && <LiveNews />}
      {signedIn && <TitleClock />}
    </Toasts>
  );
}

/** Before anybody has said who sells here. */
function OwnFoot() {
  const { t } = useTranslation();
  return (
    <>
      <span>{t('app.footer')}</span>
      <a href="/docs">{t('app.api')}</a>
    </>
  );
}

function HouseFoot() {
  const { t, language } = useTranslation();
  const house = useHouse();
  const { name, vat, links, pages } = house;
  return (
    <>
      <span>{[name, inLanguage(vat, language)].filter(Boolean).join(' · ')}</span>
      {(links.length > 0 || pages.length > 0) && (
        <nav aria-label={t('app.legal.label')}>
          {links.map(({ label, url }) => (
            <a key={url + label.en} href={url}>
              {label[language]}
            </a>
          ))}
          {pages.map((page) => (
            <Link key={page} to={legalPath(house, page)}>
              {t(`app.legal.${page}`)}
            </Link>
          ))}
        </nav>
      )}
    </>
  );
}

function Head() {
  const { t } = useTranslation();
  const { signedIn } = useSession();
  const { pathname, search } = useLocation();
  const { name, logo, organisation } = useHouse();
  return (
    <header className="top">
      <div>
        <Link to={organisation ? `/o/${organisation.id}` : '/'} className="brand" aria-label={name}>
          {logo ? <img src={logo} alt="" /> : <BrandIcon />}
          <span>{name}</span>
        </Link>
        <nav aria-label={t('app.main')}>
          <NavLink to="/" end className="always">
            {t('nav.events')}
          </NavLink>
          {signedIn && <Pages />}
        </nav>
        {signedIn && <Bell />}
        {!signedIn && pathname !== '/login' && (
          <Link className="button" to={`/login?next=${encodeURIComponent(pathname + search)}`}>
            {t('nav.login')}
          </Link>
        )}
        <Menu
          label={t(signedIn ? 'app.menu' : 'app.settings')}
          icon={signedIn ? <PersonIcon /> : <GearIcon />}
        >
          {signedIn && <PersonalMenu />}
          <Choices />
        </Menu>
      </div>
      {signedIn && <Basket />}
    </header>
  );
}

function Pages({ className }: { className?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <NavLink to="/bookings" className={className}>
        {t('nav.bookings')}
      </NavLink>
      <NavLink to="/tickets" className={className}>
        {t('nav.tickets')}
      </NavLink>
      <NavLink to="/waitlist" className={className}>
        {t('nav.waitlist')}
      </NavLink>
    </>
  );
}

function PersonalMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const say = useToast();
  const go = useNavigate();
  const leave = async () => {
    // Before the end, or a page of one's own asks for the login.
    await go('/');
    await client.logout().catch(() => {});
    say(t('account.loggedOut'));
  };
  return (
    <>
      <Pages className="phone" />
      <Link to="/account">{t('nav.account')}</Link>
      {user && user.role !== 'user' && <Link to="/desk">{t('nav.desk')}</Link>}
      {user?.role === 'admin' && <Link to="/operator">{t('nav.operator')}</Link>}
      <button type="button" onClick={leave}>
        {t('nav.logout')}
      </button>
    </>
  );
}

/** Language and appearance. */
function Choices() {
  const { t, language } = useTranslation();
  const theme = useTheme();
  return (
    <>
      <label className="choice">
        {t('app.language')}
        <select value={language} onChange={({ target }) => setLanguage(target.value as Language)}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        {t('app.theme')}
        <select value={theme} onChange={({ target }) => setTheme(target.value as Theme)}>
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {t(`app.themes.${name}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Bell() {
  const { t } = useTranslation();
  const { data } = useQuery(unreadQuery);
  const unread = data?.unread ?? 0;
  return (
    <Link
      to="/notifications"
      className="button quiet icon bell"
      aria-label={unread > 0 ? t('nav.unread', { count: unread }) : t('nav.notifications')}
    >
      <BellIcon />
      {unread > 0 && <span className="count numbers">{unread > 99 ? '99+' : unread}</span>}
    </Link>
  );
}

export const unreadQuery = {
  queryKey: ['notifications', 'unread'],
  queryFn: () => ok(api.GET('/api/v1/notifications', { params: { query: { limit: 1, unread: 'true' } } })),
  staleTime: 30_000,
};
