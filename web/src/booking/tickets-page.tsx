import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Unverified } from '../account/unverified.js';
import { api, ok, type Schemas, saveFile } from '../api.js';
import { longTimes, moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { EventName } from '../shop/event-name.js';
import { eventQuery, venueQuery } from '../shop/queries.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Sheet } from '../ui/sheet.js';
import { DeadEnd, Fault, Load, More, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { ticketsQuery, transfersQuery } from './queries.js';
import { TicketCard } from './ticket-card.js';

type Ticket = Schemas['Ticket'];
type Transfer = Schemas['TicketTransfer'];

const LOOK_EVERY = 3_000;

/** All tickets at hand, those that others offer, and passing on. */
export function TicketsPage() {
  const { t } = useTranslation();
  const tickets = useInfiniteQuery(ticketsQuery);
  const { data: transfers } = useQuery(transfersQuery);
  useTitle(t('ticket.title'));
  const [search, setSearch] = useSearchParams();
  // The mail about an offer leads here.
  const asked = search.get('transfer');
  const open = transfers?.data.filter(({ state }) => state === 'offered') ?? [];
  const incoming = open.filter(({ direction }) => direction === 'incoming');
  return (
    <div className="page narrow stack loose">
      <h1>{t('ticket.title')}</h1>
      {incoming.map((transfer) => (
        <Incoming key={transfer.id} transfer={transfer} done={() => setSearch({}, { replace: true })} />
      ))}
      {asked && transfers && !incoming.some(({ id }) => id === asked) && <NoOffer />}
      <Load of={tickets} waiting={<Skeleton height="11rem" count={3} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0)
            return incoming.length > 0 || asked ? null : (
              <DeadEnd title={t('ticket.none')} text={t('ticket.noneText')} />
            );
          return (
            <>
              {[...Map.groupBy(all, ({ eventId }) => eventId)].map(([eventId, tickets]) => (
                <OfEvent key={eventId} eventId={eventId}>
                  {tickets.map((ticket) => (
                    <li key={ticket.id}>
                      <TicketCard ticket={ticket}>
                        {ticket.status === 'valid' && <Papers ticket={ticket} />}
                        {ticket.status === 'valid' && (
                          <Passing
                            ticket={ticket}
                            offer={open.find(
                              ({ ticketId, direction }) => ticketId === ticket.id && direction === 'outgoing',
                            )}
                          />
                        )}
                      </TicketCard>
                    </li>
                  ))}
                </OfEvent>
              ))}
              <More of={tickets} />
            </>
          );
        }}
      </Load>
    </div>
  );
}

/** The tickets of one event: what, when and where once for all of them. */
function OfEvent({ eventId, children }: { eventId: string; children: ReactNode }) {
  const { data: event } = useQuery(eventQuery(eventId));
  const { data: venue } = useQuery({ ...venueQuery(event?.venueId ?? ''), enabled: event !== undefined });
  return (
    <section className="stack" aria-labelledby={`of-${eventId}`}>
      <div className="stack tight">
        <h2 id={`of-${eventId}`}>
          <Link to={`/events/${eventId}`}>
            <EventName event={event} />
          </Link>
        </h2>
        <p className="soft">
          {event && longTimes(event)}
          {venue && ` · ${venue.name}, ${venue.address}, ${venue.city}`}
        </p>
      </div>
      <ul className="tickets">{children}</ul>
    </section>
  );
}

function Papers({ ticket: { id, code } }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const save = (path: string, name: string) => run(() => saveFile(`/api/v1/tickets/${id}/${path}`, name));
  return (
    <>
      <Fault error={error} />
      <div className="row">
        <Button busy={busy} onClick={() => save('ticket.pdf', `ticket-${code}.pdf`)}>
          {t('booking.pdf')}
        </Button>
        <Button busy={busy} onClick={() => save('event.ics', `${code}.ics`)}>
          {t('booking.calendar')}
        </Button>
      </div>
    </>
  );
}

function Passing({ ticket, offer }: { ticket: Ticket; offer: Transfer | undefined }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [open, setOpen] = useState(false);
  if (offer) {
    const withdraw = () =>
      run(async () => {
        await ok(api.DELETE('/api/v1/ticket-transfers/{id}', { params: { path: { id: offer.id } } }));
        forget('tickets');
      });
    return (
      <div className="stack tight">
        <p className="small soft">
          {t('ticket.offered', { email: offer.email ?? '', date: moment(offer.expiresAt) })}
        </p>
        <Fault error={error} />
        <div>
          <Button busy={busy} onClick={withdraw}>
            {t('ticket.withdraw')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t('ticket.pass')}</Button>
      {open && <PassOn ticket={ticket} close={() => setOpen(false)} />}
    </div>
  );
}

function PassOn({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const submit = (data: FormData) =>
    run(async () => {
      const email = textOf(data, 'email');
      await ok(
        api.POST('/api/v1/tickets/{id}/transfer', { params: { path: { id: ticket.id } }, body: { email } }),
      );
      forget('tickets');
      close();
      say(t('ticket.passSent', { email }));
    });
  return (
    <Sheet title={t('ticket.passTitle')} close={close}>
      <p>{t('ticket.passText')}</p>
      <Form submit={submit} className="stack">
        <Field label={t('ticket.passEmail')} name="email" type="email" autoComplete="email" required />
        <Fault error={error} />
        <div className="row">
          <Button look="main" type="submit" busy={busy}>
            {t('ticket.passSend')}
          </Button>
          <Button onClick={close}>{t('app.cancel')}</Button>
        </div>
      </Form>
    </Sheet>
  );
}

/** Why an offer that a mail told of is not here. */
function NoOffer() {
  const { t } = useTranslation();
  const { user } = useSession();
  const forget = useForget();
  const look = useEffectEvent(() => forget('me', 'tickets'));
  const confirmed = user?.emailVerified;
  useEffect(() => {
    if (confirmed !== false) return;
    // The link in the mail may be opened on another device.
    const timer = setInterval(look, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [confirmed]);
  if (!user) return null;
  if (!confirmed) return <Unverified>{t('ticket.offerUnverified')}</Unverified>;
  return <p className="notice warm">{t('ticket.offerGone', { email: user.email })}</p>;
}

function Incoming({ transfer: { id, eventId, expiresAt }, done }: { transfer: Transfer; done: () => void }) {
  const { t } = useTranslation();
  const { data: event } = useQuery(eventQuery(eventId));
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const params = { path: { id } };
  const accept = () =>
    run(async () => {
      await ok(api.POST('/api/v1/ticket-transfers/{id}/accept', { params }));
      done();
      forget('tickets');
      say(t('ticket.accepted'));
    });
  const decline = () =>
    run(async () => {
      await ok(api.POST('/api/v1/ticket-transfers/{id}/decline', { params }));
      done();
      forget('tickets');
    });
  return (
    <div className="notice good">
      <strong>{event ? t('ticket.incoming', { event: event.title }) : ' '}</strong>
      {event && <span>{longTimes(event)}</span>}
      <span>{t('ticket.incomingText', { date: moment(expiresAt) })}</span>
      <Fault error={error} />
      <div className="row">
        <Button look="main" busy={busy} onClick={accept}>
          {t('ticket.accept')}
        </Button>
        <Button busy={busy} onClick={decline}>
          {t('ticket.decline')}
        </Button>
      </div>
    </div>
  );
}
