import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api, isProblem, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { CardSkeletons, EventCard } from '../shop/event-card.js';
import { Missing } from '../ui/broken.js';
import { Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useSeller } from './house.js';

const MOST = 100;

const eventsQuery = (organizer: string) => ({
  queryKey: ['events', 'of', organizer],
  queryFn: () =>
    ok(
      api.GET('/api/v1/events', {
        params: { query: { organizer, from: new Date().toISOString(), limit: MOST } },
      }),
    ),
  staleTime: 30_000,
});

/** An organisation: who it is, and its events to come. */
export function OrganisationPage() {
  const { t } = useTranslation();
  const { id } = useParams() as { id: string };
  const seller = useSeller(id);
  const events = useQuery(eventsQuery(id));
  const name = seller.data && (seller.data.organisation.name || seller.data.name);
  useTitle(name);
  if (isProblem(seller.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page stack far">
      <Load of={seller} waiting={<Skeleton height="6rem" />}>
        {({ organisation: { address, website } }) => (
          <header className="stack tight">
            <h1>{name}</h1>
            {address && <p className="soft lines-kept">{address}</p>}
            {website && (
              <p>
                <a href={website}>{website}</a>
              </p>
            )}
          </header>
        )}
      </Load>
      <section className="stack">
        <h2>{t('browse.upcoming')}</h2>
        <Load of={events} waiting={<CardSkeletons count={3} />}>
          {({ data }) =>
            data.length > 0 ? (
              <ul className="cards">
                {data.map((event) => (
                  <li key={event.id}>
                    <EventCard event={event} />
                  </li>
                ))}
              </ul>
            ) : (
              <p className="soft">{t('event.organisationNone')}</p>
            )
          }
        </Load>
      </section>
    </div>
  );
}
