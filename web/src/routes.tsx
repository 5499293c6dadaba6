import { type RouteObject, useRoutes } from 'react-router';
import type { Schemas } from './api.js';
import { LEGAL_PAGES } from './house/house.js';
import { addDeskTexts } from './i18n/index.js';
import { HomePage } from './shop/home-page.js';
import { Missing } from './ui/broken.js';
import { Frame } from './ui/frame.js';
import { loadPageOf, page, privately } from './ui/page-route.js';

const ORGANIZERS: Schemas['Account']['role'][] = ['organizer', 'admin'];
const ADMINS: Schemas['Account']['role'][] = ['admin'];

const withDeskTexts =
  <Module,>(load: () => Promise<Module>) =>
  async (): Promise<Module> =>
    (await Promise.all([load(), addDeskTexts()]))[0];

/** Every page of the app; `src/operations/web/web.routes.ts` of the server answers the same addresses. */
const routes: RouteObject[] = [
  {
    element: <Frame />,
    children: [
      { index: true, element: <HomePage /> },
      page('events/:id', () => import('./shop/event-page.js'), 'EventPage'),
      page('login', () => import('./account/login-page.js'), 'LoginPage'),
      page('login/back', () => import('./account/back-page.js'), 'BackPage'),
      page(
        'login/o/:organisation',
        () => import('./account/organisation-login-page.js'),
        'OrganisationLoginPage',
      ),
      page('register', () => import('./account/register-page.js'), 'RegisterPage'),
      page('forgot', () => import('./account/forgot-page.js'), 'ForgotPage'),
      page('reset', () => import('./account/reset-page.js'), 'ResetPage'),
      page('verify', () => import('./account/verify-page.js'), 'VerifyPage'),
      page(
        'invitation',
        withDeskTexts(() => import('./desk/members/invitation-page.js')),
        'InvitationPage',
      ),
      page('o/:id', () => import('./house/organisation-page.js'), 'OrganisationPage'),
      ...['', 'o/:id/'].flatMap((above) =>
        LEGAL_PAGES.map((path) => page(above + path, () => import('./house/legal-page.js'), 'LegalPage')),
      ),
      privately([
        page('bookings', () => import('./booking/bookings-page.js'), 'BookingsPage'),
        page('bookings/:id', () => import('./booking/booking-page.js'), 'BookingPage'),
        page('bookings/:id/checkout', () => import('./booking/checkout-page.js'), 'CheckoutPage'),
        page('tickets', () => import('./booking/tickets-page.js'), 'TicketsPage'),
        page('waitlist', () => import('./booking/waitlist-page.js'), 'WaitlistPage'),
        page('notifications', () => import('./account/notifications-page.js'), 'NotificationsPage'),
        page('account', () => import('./account/account-page.js'), 'AccountPage'),
        page(
          'account/security',
          withDeskTexts(() => import('./account/security-page.js')),
          'SecurityPage',
        ),
        page('account/notifications', () => import('./account/preferences-page.js'), 'PreferencesPage'),
      ]),
      privately(
        [
          page(
            'desk',
            withDeskTexts(() => import('./desk/desk-frame.js')),
            'DeskFrame',
            [
              page('', () => import('./desk/events/events-page.js'), 'EventsPage'),
              page('events/new', () => import('./desk/events/new-event-page.js'), 'NewEventPage'),
              page('events/:id', () => import('./desk/events/event-frame.js'), 'EventFrame', [
                page('', () => import('./desk/events/event-page.js'), 'EventPage'),
                page('places', () => import('./desk/events/places-page.js'), 'PlacesPage'),
                page('sales', () => import('./desk/sales/sales-page.js'), 'SalesPage'),
                page('check-in', () => import('./desk/door/check-in-page.js'), 'CheckInPage'),
              ]),
              page('events/:id/preview', () => import('./desk/events/preview-page.js'), 'PreviewPage'),
              page('sales', () => import('./desk/sales/totals-page.js'), 'TotalsPage'),
              page('webhooks', () => import('./desk/settings/webhooks-page.js'), 'WebhooksPage'),
              page('keys', () => import('./desk/keys/keys-page.js'), 'KeysPage'),
              page('members', () => import('./desk/members/members-page.js'), 'MembersPage'),
              page('house', () => import('./desk/settings/house-page.js'), 'HousePage'),
              page('logins', () => import('./desk/logins/logins-page.js'), 'LoginsPage'),
              page('log', () => import('./desk/members/log-page.js'), 'LogPage'),
              page('organisation', () => import('./desk/members/organisation-page.js'), 'OrganisationPage'),
              page(
                'organisation/new',
                () => import('./desk/members/new-organisation-page.js'),
                'NewOrganisationPage',
              ),
              page('venues', () => import('./desk/venues/venues-page.js'), 'VenuesPage'),
              page('venues/new', () => import('./desk/venues/venue-page.js'), 'NewVenuePage'),
              page('venues/:id', () => import('./desk/venues/venue-page.js'), 'VenuePage'),
            ],
          ),
        ],
        ORGANIZERS,
      ),
      privately(
        [
          page(
            'operator',
            withDeskTexts(() => import('./operator/operator-frame.js')),
            'OperatorFrame',
            [
              page('', () => import('./operator/overview-page.js'), 'OverviewPage'),
              page('sagas', () => import('./operator/sagas-page.js'), 'SagasPage'),
              page('payments', () => import('./operator/payments-page.js'), 'PaymentsPage'),
              page('mails', () => import('./operator/mails-page.js'), 'MailsPage'),
              page('house', () => import('./operator/house-page.js'), 'HousePage'),
              page('users', () => import('./operator/users-page.js'), 'UsersPage'),
              page('users/:id', () => import('./operator/person-page.js'), 'PersonPage'),
              page('logins', () => import('./operator/logins-page.js'), 'LoginsPage'),
              page('acts', () => import('./operator/acts-page.js'), 'ActsPage'),
            ],
          ),
        ],
        ADMINS,
      ),
      { path: '*', element: <Missing /> },
    ],
  },
];

export const loadPage = (path: string): Promise<void> => loadPageOf(routes, path);

export const Pages = () => useRoutes(routes);
