import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api.js';
import { isElsewhere, longDate, moment, timeOfDay } from '../format.js';
import { ClockIcon, PinIcon } from '../ui/icons.js';
import { Poster } from './poster.js';
import { venueQuery } from './queries.js';

/** What, when and where. */
export function EventHead({ event }: { event: Schemas['Event'] }) {
  const { t } = useTranslation();
  const { id, title, category, startsAt, endsAt, timezone, venueId, imageUrl } = event;
  const { data: venue } = useQuery(venueQuery(venueId));
  return (
    <header className="event-head">
      <div className="stack">
        <span className="badge">{category}</span>
        <h1>{title}</h1>
        <div className="facts">
          <div>
            <ClockIcon />
            <span>
              <time dateTime={startsAt}>{longDate(startsAt, timezone)}</time>{' '}
              <span className="soft">{t('event.ends', { time: timeOfDay(endsAt, timezone) })}</span>
              {isElsewhere(startsAt, timezone) && (
                <span className="soft small"> ({t('event.yourTime', { time: moment(startsAt) })})</span>
              )}
            </span>
          </div>
          <div>
            <PinIcon />
            <span>
              {venue ? (
                <>
                  <strong>{venue.name}</strong>, {venue.address}, {venue.city}
                </>
              ) : (
                ' '
              )}
            </span>
          </div>
        </div>
      </div>
      <Poster seed={id} image={imageUrl} />
    </header>
  );
}
