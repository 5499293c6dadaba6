import { useQuery } from '@tanstack/react-query';
import { Link, NavLink, Outlet, useLocation, useOutletContext, useParams } from 'react-router';
import { isProblem, type Schemas } from '../../api.js';
import { longTimes } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { SandboxBadge } from '../../shop/event-name.js';
import { eventQuery } from '../../shop/queries.js';
import { Missing } from '../../ui/broken.js';
import { ButtonLink } from '../../ui/button.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { pagesOfEvent, useRights } from '../rights.js';
import { EventBadge } from './status-badge.js';

export type Event = Schemas['Event'];

/** The event of the page, for pages inside of `EventFrame`. */
export const useEvent = () => useOutletContext<Event>();

/** Titles of the pages inside, by the end of their addresses; the first page is called like the event. */
const TITLES = { places: 'desk.places', sales: 'desk.sales', 'check-in': 'desk.checkIn' } as const;
const endOf = (address: string) => address.split('/').at(-1) as keyof typeof TITLES;

/** Head and tabs of one event. */
export function EventFrame() {
  const { t } = useTranslation();
  const { id } = useParams() as { id: string };
  const event = useQuery(eventQuery(id));
  const rights = useRights();
  const tab = endOf(useLocation().pathname);
  const title = event.data?.title;
  useTitle(title && TITLES[tab] ? t(TITLES[tab]) : title, TITLES[tab] && title);
  if (isProblem(event.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page stack loose">
      <Load of={event} waiting={<Skeleton height="30rem" />}>
        {(found) => (
          <>
            <header className="stack tight">
              <div className="row">
                <h1>{found.title}</h1>
                <EventBadge status={found.status} paused={found.salePausedAt !== null} />
                {found.sandbox && <SandboxBadge />}
                {rights.may('events') && (
                  <ButtonLink look="quiet" to={`/desk/events/new?from=${id}`}>
                    {t('desk.duplicate')}
                  </ButtonLink>
                )}
              </div>
              <p className="soft">{longTimes(found)}</p>
            </header>
            <nav className="chips" aria-label={found.title}>
              {pagesOfEvent(rights, found).map((address) => (
                <NavLink key={address} className="chip" end to={address}>
                  {t(TITLES[endOf(address)] ?? 'desk.details')}
                </NavLink>
              ))}
              {found.status !== 'draft' && (
                <Link className="chip" to={`/events/${id}`}>
                  {t('desk.inShop')}
                </Link>
              )}
            </nav>
            <Outlet context={found} />
          </>
        )}
      </Load>
    </div>
  );
}
