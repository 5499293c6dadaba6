import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { ButtonLink } from '../../ui/button.js';
import { Blank, Load, More, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { venuesQuery } from '../queries.js';
import { useRights } from '../rights.js';

/** Venues of the organisation; those of everybody for administrators. */
export function VenuesPage() {
  const { t } = useTranslation();
  const { organisation, everywhere } = useRights();
  const venues = useInfiniteQuery(venuesQuery);
  useTitle(t('desk.venues'));
  return (
    <div className="page stack loose">
      <div className="row spread">
        <h1>{t('desk.venues')}</h1>
        <ButtonLink look="main" to="/desk/venues/new">
          {t('desk.newVenue')}
        </ButtonLink>
      </div>
      <Load of={venues} waiting={<Skeleton height="4.5rem" count={4} />}>
        {({ pages }) => {
          const mine = pages
            .flatMap(({ data }) => data)
            .filter(({ organizerId }) => everywhere || organizerId === organisation?.id);
          return (
            <>
              {mine.length === 0 && !venues.hasNextPage && (
                <Blank title={t('desk.noVenues')} text={t('desk.noVenuesText')} />
              )}
              <ul className="desk-list">
                {mine.map(({ id, name, address, city, capacity }) => (
                  <li key={id}>
                    <div className="stack tight">
                      <Link className="title" to={`/desk/venues/${id}`}>
                        {name}
                      </Link>
                      <span className="small soft">
                        {address}, {city}
                      </span>
                    </div>
                    <span className="small numbers">
                      {t('desk.holdsPeople', { people: number(capacity) })}
                    </span>
                  </li>
                ))}
              </ul>
              <More of={venues} />
            </>
          );
        }}
      </Load>
    </div>
  );
}
