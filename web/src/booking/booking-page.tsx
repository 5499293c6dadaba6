import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { isProblem, type Schemas, saveFile } from '../api.js';
import { longTimes, moment, money } from '../format.js';
import { useSeller } from '../house/house.js';
import { useTranslation } from '../i18n/index.js';
import { placeName } from '../place.js';
import { EventName } from '../shop/event-name.js';
import { eventQuery, venueQuery } from '../shop/queries.js';
import { saleOf } from '../shop/sale.js';
import { Missing } from '../ui/broken.js';
import { Button, ButtonLink } from '../ui/button.js';
import { Fault, Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { Cancellation } from './cancellation.js';
import { Countdown } from './countdown.js';
import { bookingQuery, bookingTicketsQuery, paymentsQuery } from './queries.js';
import { StatusBadge } from './status.js';
import { TicketCard } from './ticket-card.js';

type Booking = Schemas['Booking'];

/** A booking: its tickets, what it cost, and the way back. */
export function BookingPage() {
  const { t } = useTranslation();
  const { id } = useParams() as { id: string };
  const booking = useQuery({
    ...bookingQuery(id),
    refetchInterval: ({ state }) => (state.data && /ing$/.test(state.data.status) ? 2_000 : false),
  });
  useTitle(booking.data && t('booking.one', { code: booking.data.code }));
  if (isProblem(booking.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page narrow stack loose">
      <Load of={booking} waiting={<Skeleton height="12rem" count={2} />}>
        {(found) => <Content booking={found} />}
      </Load>
    </div>
  );
}

function Content({ booking }: { booking: Booking }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const { id, status, eventId, expiresAt, createdAt, code, items, total, currency, endReason } = booking;
  const { data: event } = useQuery(eventQuery(eventId));
  useSeller(event?.organizerId);
  const bought = items.some((item) => item.status === 'confirmed');
  return (
    <>
      {search.has('new') && status === 'confirmed' && (
        <div className="notice good" role="status">
          <strong>{t('booking.thanks')}</strong>
          <span>{t('booking.thanksText')}</span>
        </div>
      )}
      <header className="stack tight">
        <div className="row">
          <StatusBadge status={status} endReason={endReason} />
          <span className="soft small">
            {t('booking.code')} <code>{code}</code> · {t('booking.made')} {moment(createdAt)}
          </span>
        </div>
        <h1>
          <Link to={`/events/${eventId}`}>
            <EventName event={event} />
          </Link>
        </h1>
        <When event={event} />
      </header>
      {event?.status === 'cancelled' && <p className="notice warm">{saleOf(event, t).text}</p>}
      {endReason && endReason !== 'event_cancelled' && (
        <p className="notice">
          <strong>{t(`booking.ended.${endReason}.title`)}</strong>
          <span>{t(`booking.ended.${endReason}.text`)}</span>
        </p>
      )}
      {(status === 'held' || status === 'paying') && expiresAt && (
        <div className="card row spread">
          <Countdown until={expiresAt} />
          <ButtonLink look="main" to={`/bookings/${id}/checkout`}>
            {status === 'paying' ? t('booking.goOn') : t('booking.pay')}
          </ButtonLink>
        </div>
      )}
      {bought && <Tickets booking={booking} />}
      <section className="card stack" aria-labelledby="items">
        <h2 id="items">{t('booking.items')}</h2>
        <ul className="lines">
          {items.map((item) => (
            <li key={item.id} className="row spread">
              <span>{placeName(item)}</span>
              <span className="row">
                {item.status !== status && <StatusBadge status={item.status} />}
                <span className="numbers">{money(item.price, currency)}</span>
              </span>
            </li>
          ))}
        </ul>
        <div className="row spread">
          <span>{t('choose.total')}</span>
          <strong className="numbers sum">{money(total, currency)}</strong>
        </div>
      </section>
      {(bought || status === 'cancelled' || status === 'cancelling') && <Payments booking={booking} />}
      {bought && event && Date.parse(event.startsAt) > Date.now() && <Cancellation booking={booking} />}
    </>
  );
}

function When({ event }: { event: Schemas['Event'] | undefined }) {
  const { data: venue } = useQuery({ ...venueQuery(event?.venueId ?? ''), enabled: event !== undefined });
  if (!event) return <p>&nbsp;</p>;
  return (
    <p className="soft">
      {longTimes(event)}
      {venue && ` · ${venue.name}, ${venue.address}, ${venue.city}`}
    </p>
  );
}

function Tickets({ booking: { id, code } }: { booking: Booking }) {
  const { t } = useTranslation();
  const { error, busy, run } = useWork();
  const tickets = useQuery({
    ...bookingTicketsQuery(id),
    // They are issued right after the payment.
    refetchInterval: ({ state }) => (state.data?.data.length ? false : 1_500),
  });
  const all = tickets.data?.data ?? [];
  return (
    <section className="stack" aria-labelledby="tickets">
      <div className="row spread">
        <h2 id="tickets">{t('booking.tickets')}</h2>
        {all.length > 0 && (
          <div className="row">
            <Button
              busy={busy}
              onClick={() => run(() => saveFile(`/api/v1/bookings/${id}/tickets.pdf`, `tickets-${code}.pdf`))}
            >
              {t('booking.pdf')}
            </Button>
            <Button
              busy={busy}
              onClick={() => run(() => saveFile(`/api/v1/bookings/${id}/tickets.ics`, `${code}.ics`))}
            >
              {t('booking.calendar')}
            </Button>
          </div>
        )}
      </div>
      <Fault error={error} />
      {all.length === 0 ? (
        <p className="soft" role="status">
          {t('booking.noTickets')}
        </p>
      ) : (
        <ul className="tickets">
          {all.map((ticket) => (
            <li key={ticket.id}>
              <TicketCard ticket={ticket} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Payments({ booking: { id, currency } }: { booking: Booking }) {
  const { t } = useTranslation();
  const { data } = useQuery(paymentsQuery(id));
  const paid = data?.data.filter(({ status }) => status === 'captured') ?? [];
  if (paid.length === 0) return null;
  const sum = (amounts: { amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);
  const taken = sum(paid);
  const returned = sum(paid.flatMap(({ refunds }) => refunds.filter(({ status }) => status === 'succeeded')));
  return (
    <section className="card stack" aria-labelledby="payments">
      <h2 id="payments">{t('booking.payments')}</h2>
      <ul className="lines">
        {paid.map((payment) => (
          <li key={payment.id}>
            <div className="row spread">
              <span>{moment(payment.createdAt)}</span>
              <span className="numbers">{money(payment.amount, currency)}</span>
            </div>
            {payment.refunds
              .filter(({ status }) => status === 'succeeded')
              .map((refund) => (
                <div key={refund.id} className="small soft">
                  {moment(refund.createdAt)} ·{' '}
                  {t('booking.refunded', { amount: money(refund.amount, currency) })}
                </div>
              ))}
          </li>
        ))}
      </ul>
      {returned > 0 && (
        <div className="row spread">
          <span>{t('booking.net')}</span>
          <strong className="numbers sum">{money(taken - returned, currency)}</strong>
        </div>
      )}
    </section>
  );
}
