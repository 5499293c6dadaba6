import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { api, ok, type Schemas } from '../api.js';
import { number, shortTimes, timeOfDay } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { paged } from '../paged.js';
import { EventName } from '../shop/event-name.js';
import { eventQuery } from '../shop/queries.js';
import { Button } from '../ui/button.js';
import { DeadEnd, Fault, Load, More, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { Countdown } from './countdown.js';

type Entry = Schemas['WaitlistEntry'];

const waitlistQuery = {
  queryKey: ['waitlist'],
  ...paged((at) => ok(api.GET('/api/v1/waitlist', { params: { query: at } }))),
  // Places in the line move without a message.
  refetchInterval: 15_000,
};

export function WaitlistPage() {
  const { t } = useTranslation();
  const entries = useInfiniteQuery(waitlistQuery);
  useTitle(t('wait.title'));
  return (
    <div className="page narrow stack loose">
      <h1>{t('wait.title')}</h1>
      <Load of={entries} waiting={<Skeleton height="8rem" count={2} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) return <DeadEnd title={t('wait.none')} text={t('wait.noneText')} />;
          return (
            <>
              <ul className="stack">
                {all.map((entry) => (
                  <Item key={entry.id} entry={entry} />
                ))}
              </ul>
              <More of={entries} />
            </>
          );
        }}
      </Load>
    </div>
  );
}

const LOOKS: Partial<Record<Entry['state'], string>> = { waiting: 'warm', offered: 'good', accepted: 'good' };

function Item({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { eventId, state, position, odds, quantity, minQuantity, offer } = entry;
  const { data: event } = useQuery(eventQuery(eventId));
  return (
    <li className="card stack">
      <div className="row spread">
        <h2>
          <Link to={`/events/${eventId}`}>
            <EventName event={event} />
          </Link>
        </h2>
        <span className={`badge ${LOOKS[state] ?? ''}`}>{t(`wait.state.${state}`)}</span>
      </div>
      <p className="soft">
        {event && `${shortTimes(event)} · `}
        {minQuantity < quantity
          ? t('wait.wishRange', { min: minQuantity, count: quantity })
          : t('wait.wish', { count: quantity })}
      </p>
      {position !== null && (
        <p>
          <strong>{t('wait.position', { position: number(position) })}</strong>
          {odds !== null && (
            <span className="soft"> {t('wait.odds', { percent: Math.round(odds * 100) })}</span>
          )}
        </p>
      )}
      {offer ? <Offer entry={entry} offer={offer} /> : state === 'waiting' && <Leave id={entry.id} />}
    </li>
  );
}

function Offer({
  entry: { id },
  offer: { bookingId, quantity, expiresAt },
}: {
  entry: Entry;
  offer: NonNullable<Entry['offer']>;
}) {
  const { t } = useTranslation();
  const go = useNavigate();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const params = { path: { id } };
  const accept = () =>
    run(async () => {
      await ok(api.POST('/api/v1/waitlist/{id}/accept', { params }));
      forget('waitlist', 'bookings', 'booking');
      await go(`/bookings/${bookingId}/checkout`);
    });
  const decline = () =>
    run(async () => {
      await ok(api.POST('/api/v1/waitlist/{id}/decline', { params }));
      forget('waitlist');
      say(t('wait.declined'));
    });
  return (
    <div className="notice good">
      <strong>{t('wait.offer')}</strong>
      <span>{t('wait.offerText', { count: quantity, time: timeOfDay(expiresAt) })}</span>
      <Countdown until={expiresAt} over={() => forget('waitlist')} />
      <Fault error={error} />
      <div className="row">
        <Button look="main" busy={busy} onClick={accept}>
          {t('wait.accept')}
        </Button>
        <Button busy={busy} onClick={decline}>
          {t('wait.decline')}
        </Button>
      </div>
    </div>
  );
}

function Leave({ id }: { id: string }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const leave = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/waitlist/{id}', { params: { path: { id } } }));
      forget('waitlist');
      say(t('wait.left'));
    });
  return (
    <div className="stack tight">
      <Fault error={error} />
      <div>
        <Button busy={busy} onClick={leave}>
          {t('wait.leave')}
        </Button>
      </div>
    </div>
  );
}
