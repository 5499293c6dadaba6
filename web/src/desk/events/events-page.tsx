import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '../../api.js';
import { money, number, shortTimes } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { SandboxBadge } from '../../shop/event-name.js';
import { ButtonLink } from '../../ui/button.js';
import { Blank, Load, More, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { countsQuery, myEventsQuery, STATUSES } from '../queries.js';
import { pagesOfEvent, useRights } from '../rights.js';
import { EventBadge } from './status-badge.js';

/** One's own events, drafts included. */
export function EventsPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const { may } = useRights();
  const status = STATUSES.find((known) => known === search.get('status'));
  const events = useInfiniteQuery(myEventsQuery(status));
  useTitle(t('desk.events'));
  return (
    <div className="page stack loose">
      <div className="row spread">
        <h1>{t('desk.events')}</h1>
        {may('events') && (
          <ButtonLink look="main" to="/desk/events/new">
            {t('desk.newEvent')}
          </ButtonLink>
        )}
      </div>
      <Lifecycles chosen={status} />
      <Load of={events} waiting={<Skeleton height="5.5rem" count={4} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0)
            return (
              <Blank
                title={t('desk.noEvents')}
                text={t(may('events') ? 'desk.noEventsText' : 'desk.noEventsOther')}
              />
            );
          return (
            <>
              <ul className="desk-list">
                {all.map((event) => (
                  <Row key={event.id} event={event} />
                ))}
              </ul>
              <More of={events} />
            </>
          );
        }}
      </Load>
    </div>
  );
}

function Lifecycles({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation();
  const { data } = useQuery(countsQuery);
  const all = data && Object.values(data).reduce((sum, count) => sum + count, 0);
  return (
    <nav className="chips" aria-label={t('desk.lifecycle')}>
      <Link className="chip" to="/desk" aria-current={chosen ? undefined : 'page'}>
        {t('browse.all')} {all !== undefined && <span className="numbers">{number(all)}</span>}
      </Link>
      {STATUSES.map((status) => (
        <Link
          key={status}
          className="chip"
          to={`/desk?status=${status}`}
          aria-current={chosen === status ? 'page' : undefined}
        >
          {t(`desk.status.${status}`)} {data && <span className="numbers">{number(data[status])}</span>}
        </Link>
      ))}
    </nav>
  );
}

function Row({ event }: { event: Schemas['EventSummary'] }) {
  const { t } = useTranslation();
  const { title, status, sandbox, salePausedAt, venue, places, freePlaces, fromPrice, currency } = event;
  // The first page of the event that one may open.
  const [page] = pagesOfEvent(useRights(), event);
  const taken = places - freePlaces;
  return (
    <li>
      <div className="stack tight">
        <div className="row">
          {page ? (
            <Link className="title" to={page}>
              {title}
            </Link>
          ) : (
            <span className="title">{title}</span>
          )}
          <EventBadge status={status} paused={salePausedAt !== null} />
          {sandbox && <SandboxBadge />}
        </div>
        <span className="small soft">
          {shortTimes(event)} · {venue.name}, {venue.city}
          {fromPrice !== null && ` · ${t('browse.fromPrice', { price: money(fromPrice, currency) })}`}
        </span>
      </div>
      {places > 0 && (
        <div className="stack tight share">
          <span className="small numbers">
            {t('desk.taken', { taken: number(taken), places: number(places) })}
          </span>
          <progress value={taken} max={places} aria-label={t('desk.takenLabel')} />
        </div>
      )}
    </li>
  );
}
