import { Suspense, useEffect, useRef } from 'react';
import { type RouteObject, useLocation, useRoutes } from 'react-router';
import { Basket } from '../booking/basket.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Sturdy } from '../ui/broken.js';
import { LiveNews } from '../ui/live-news.js';
import { page, privately } from '../ui/page-route.js';
import { Toasts } from '../ui/toasts.js';

/** The way from the hall to the tickets, all of it inside the frame. */
const routes: RouteObject[] = [
  page('events/:id', () => import('./embed-event.js'), 'EmbedEvent'),
  page('login', () => import('../account/login-page.js'), 'LoginPage'),
  page('register', () => import('../account/register-page.js'), 'RegisterPage'),
  privately([
    page('bookings/:id', () => import('../booking/booking-page.js'), 'BookingPage'),
    page('bookings/:id/checkout', () => import('../booking/checkout-page.js'), 'CheckoutPage'),
  ]),
  { path: '*', element: <Elsewhere /> },
];

/** The sale of one event on other people's pages: choosing, logging in, paying, tickets. */
export function Embed() {
  const { signedIn } = useSession();
  const { pathname } = useLocation();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The page around cannot look inside.
    const sizes = new ResizeObserver(([entry]) =>
      parent.postMessage({ type: 'evently:height', height: entry!.borderBoxSize[0]!.blockSize }, '*'),
    );
    sizes.observe(root.current!);
    return () => sizes.disconnect();
  }, []);
  return (
    <div className="embed stack" ref={root}>
      <Toasts>
        {signedIn && <Basket />}
        <Sturdy path={pathname}>
          <Suspense>{useRoutes(routes)}</Suspense>
        </Sturdy>
        {signedIn && <LiveNews />}
      </Toasts>
    </div>
  );
}

/** Everything else is in the shop. */
function Elsewhere() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  return (
    <a className="button main" href={pathname + search} target="_blank" rel="noopener">
      {t('choose.shop')}
    </a>
  );
}
