import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Schemas } from '../api.js';
import { money, shortTimes } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { EventName } from '../shop/event-name.js';
import { eventQuery } from '../shop/queries.js';
import { ButtonLink } from '../ui/button.js';
import { DeadEnd, Load, More, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { Countdown } from './countdown.js';
import { bookingsQuery } from './queries.js';
import { StatusBadge } from './status.js';

export function BookingsPage() {
  const { t } = useTranslation();
  const bookings = useInfiniteQuery(bookingsQuery);
  useTitle(t('booking.title'));
  return (
    <div className="page narrow stack loose">
      <h1>{t('booking.title')}</h1>
      <Load of={bookings} waiting={<Skeleton height="7rem" count={3} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) return <DeadEnd title={t('booking.none')} text={t('booking.noneText')} />;
          return (
            <>
              <ul className="stack">
                {all.map((booking) => (
                  <Item key={booking.id} booking={booking} />
                ))}
              </ul>
              <More of={bookings} />
            </>
          );
        }}
      </Load>
    </div>
  );
}

function Item({ booking }: { booking: Schemas['Booking'] }) {
  const { t } = useTranslation();
  const { id, code, status, eventId, expiresAt, items, total, currency, endReason } = booking;
  const { data: event } = useQuery(eventQuery(eventId));
  return (
    <li className="card stack tight booking-item">
      <div className="row spread">
        <h2>
          <Link to={`/bookings/${id}`}>
            {event ? <EventName event={event} /> : t('booking.one', { code })}
          </Link>
        </h2>
        <StatusBadge status={status} endReason={endReason} />
      </div>
      <p className="soft">
        {event && `${shortTimes(event)} · `}
        {t('booking.places', { count: items.length })}&nbsp;·{' '}
        <span className="numbers">{money(total, currency)}</span>&nbsp;· <code>{code}</code>
      </p>
      {(status === 'held' || status === 'paying') && expiresAt && (
        <div className="row spread">
          <Countdown until={expiresAt} />
          <ButtonLink look="main" to={`/bookings/${id}/checkout`}>
            {status === 'paying' ? t('booking.goOn') : t('booking.pay')}
          </ButtonLink>
        </div>
      )}
    </li>
  );
}
