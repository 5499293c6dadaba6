import { Link } from 'react-router';
import { CARD_SIZES } from '../../../src/platform/common/image-address.js';
import type { Schemas } from '../api.js';
import { categoryName, dayAndMonth, money, number, shortDate, shortTimes } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Skeleton } from '../ui/states.js';
import { Poster } from './poster.js';

type Event = Schemas['EventSummary'];

/** Below this share of its places an event is nearly sold out. */
const FEW = 0.05;

export function EventCard({ event }: { event: Event }) {
  const { id, title, category, startsAt, timezone, venue } = event;
  const { day, month, weekday } = dayAndMonth(startsAt, timezone);
  return (
    <article className="event-card">
      <div className="picture">
        <Poster event={event} sizes={CARD_SIZES} />
        <span className="leaf" aria-hidden="true">
          <small>{month}</small>
          <strong>{day}</strong>
          <small>{weekday}</small>
        </span>
      </div>
      <div className="stack tight">
        <span className="small soft">{categoryName(category)}</span>
        <h3>
          <Link to={`/events/${id}`}>{title}</Link>
        </h3>
        <p className="small soft">
          {shortTimes(event)} · {venue.name}, {venue.city}
        </p>
        <div className="row spread">
          <Price event={event} />
          <Left event={event} />
        </div>
      </div>
    </article>
  );
}

function Price({ event: { fromPrice, currency } }: { event: Event }) {
  const { t } = useTranslation();
  if (fromPrice === null) return <span />;
  return (
    <strong className="numbers">
      {fromPrice === 0 ? t('browse.free') : t('browse.fromPrice', { price: money(fromPrice, currency) })}
    </strong>
  );
}

function Left({ event }: { event: Event }) {
  const { t } = useTranslation();
  const { places, freePlaces, saleStartsAt, salePausedAt, timezone } = event;
  if (salePausedAt) return <span className="badge warm">{t('browse.paused')}</span>;
  if (saleStartsAt && Date.parse(saleStartsAt) > Date.now())
    return <span className="badge">{t('browse.notYet', { date: shortDate(saleStartsAt, timezone) })}</span>;
  if (freePlaces <= 0) return <span className="badge danger">{t('browse.soldOut')}</span>;
  if (freePlaces <= Math.max(10, places * FEW))
    return <span className="badge warm">{t('browse.few', { count: freePlaces })}</span>;
  return <span className="small soft numbers">{t('browse.left', { places: number(freePlaces) })}</span>;
}

export const CardSkeletons = ({ count }: { count: number }) => (
  <div className="cards">
    {Array.from({ length: count }, (_, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
      <Skeleton key={i} height="20.5rem" />
    ))}
  </div>
);
