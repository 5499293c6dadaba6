import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Button, ButtonLink } from '../ui/button.js';
import { Blank, Failure, Load, More } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { CardSkeletons, EventCard } from './event-card.js';
import { FilterBar } from './filter-bar.js';
import { eventsQuery, filtersOf, popularQuery, upcomingQuery } from './queries.js';
import { SearchForm } from './search-form.js';

/** First page: search, categories, future events. */
export function HomePage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filters = filtersOf(search);
  useTitle(filters.q ?? t('nav.events'));
  return (
    <>
      <div className="hero">
        <div>
          <h1>{t('browse.headline')}</h1>
          <p>{t('browse.lead')}</p>
          <SearchForm key={filters.q} />
        </div>
      </div>
      <div className="page stack far">
        <FilterBar />
        {Object.keys(filters).length > 0 ? <Results /> : <Overview />}
      </div>
    </>
  );
}

function Overview() {
  const { t } = useTranslation();
  const popular = useQuery(popularQuery);
  const upcoming = useQuery(upcomingQuery);
  const soon = upcoming.data?.data ?? [];
  return (
    <>
      <section className="stack" aria-labelledby="upcoming">
        <h2 id="upcoming">{t('browse.upcoming')}</h2>
        <Load of={upcoming} waiting={<CardSkeletons count={6} />}>
          {({ data }) => (data.length > 0 ? <Cards events={data} /> : <NothingYet />)}
        </Load>
      </section>
      {popular.data && soon.length > 6 && (
        <section className="stack" aria-labelledby="popular">
          <h2 id="popular">{t('browse.popular')}</h2>
          <Cards events={popular.data.data} />
        </section>
      )}
    </>
  );
}

/** A shop without events on sale: nobody has searched for anything. */
function NothingYet() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <Blank title={t('browse.nothingYet')} text={t('browse.nothingYetText')}>
      {user && user.role !== 'user' && (
        <ButtonLink look="main" to="/desk/events/new">
          {t('browse.firstEvent')}
        </ButtonLink>
      )}
    </Blank>
  );
}

function Results() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const events = useInfiniteQuery(eventsQuery(filtersOf(search)));
  const { data, error, refetch } = events;
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <CardSkeletons count={6} />;
  const total = data.pages[0]?.total ?? 0;
  return (
    <section className="stack" aria-labelledby="results">
      <h2 id="results" aria-live="polite">
        {t('browse.results', { count: total })}
      </h2>
      {total === 0 ? (
        <Blank title={t('browse.none')} text={t('browse.noneText')}>
          <Button look="main" onClick={() => setSearch({})}>
            {t('browse.reset')}
          </Button>
        </Blank>
      ) : (
        <Cards events={data.pages.flatMap((page) => page.data)} />
      )}
      <More of={events} />
    </section>
  );
}

const Cards = ({ events }: { events: Parameters<typeof EventCard>[0]['event'][] }) => (
  <ul className="cards">
    {events.map((event) => (
      <li key={event.id}>
        <EventCard event={event} />
      </li>
    ))}
  </ul>
);
