import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { HEAD_SIZES } from '../../../src/platform/common/image-address.js';
import type { Schemas } from '../api.js';
import { categoryName, end, isElsewhere, longDate, moment, visit } from '../format.js';
import { sellerQuery } from '../house/house.js';
import { useTranslation } from '../i18n/index.js';
import { ClockIcon, DoorIcon, PersonIcon, PinIcon } from '../ui/icons.js';
import { useProse } from '../ui/prose.js';
import { SandboxBadge } from './event-name.js';
import { Poster } from './poster.js';
import { venueQuery } from './queries.js';

/** As many letters are shown whole. */
const SHORT = 150;

/** Title, time and place of an event. */
export function EventHead({ event }: { event: Schemas['Event'] }) {
  const { t } = useTranslation();
  const { title, sandbox, category, description, startsAt, timezone, venueId, organizerId } = event;
  const excerpt = useProse(description)?.text ?? description;
  const visited = visit(event);
  const { data: venue } = useQuery(venueQuery(venueId));
  const { data: seller } = useQuery(sellerQuery(organizerId));
  return (
    <header className="event-head">
      <div className="stack">
        <div className="row">
          <span className="badge">{categoryName(category)}</span>
          {sandbox && <SandboxBadge />}
        </div>
        <h1>{title}</h1>
        {sandbox && <p className="notice warm">{t('event.sandboxText')}</p>}
        <div className="facts">
          <div>
            <ClockIcon />
            <span>
              <time dateTime={startsAt}>{longDate(startsAt, timezone)}</time>{' '}
              <span className="soft">{end(event)}</span>
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
          {seller?.organisation.name && (
            <div>
              <PersonIcon />
              <span>
                {t('event.organizer')} <Link to={`/o/${organizerId}`}>{seller.organisation.name}</Link>
              </span>
            </div>
          )}
          {visited && (
            <div>
              <DoorIcon />
              <span>{visited}</span>
            </div>
          )}
        </div>
        {description && (
          <p className="excerpt">
            <span>{excerpt}</span>
            {excerpt.length > SHORT && <a href="#about">{t('event.more')}</a>}
          </p>
        )}
      </div>
      <Poster event={event} sizes={HEAD_SIZES} />
    </header>
  );
}
