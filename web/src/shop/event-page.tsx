import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { isProblem, type Schemas } from '../api.js';
import { useSeller } from '../house/house.js';
import { useTranslation } from '../i18n/index.js';
import { useSeatMap } from '../map/use-seat-map.js';
import { Missing } from '../ui/broken.js';
import { Prose } from '../ui/prose.js';
import { Failure, Load, Skeleton } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { Choosing } from './choosing.js';
import { EventHead } from './event-head.js';
import { HallOutline } from './hall-outline.js';
import { eventQuery } from './queries.js';
import { RefundPolicy } from './refund-policy.js';
import { saleOf } from './sale.js';
import { Until } from './until.js';
import { useMoments } from './use-moment.js';

type Event = Schemas['Event'];

/** An event: what, when and where, and the places to choose from. */
export function EventPage() {
  const { id } = useParams() as { id: string };
  const event = useQuery(eventQuery(id));
  // At the same time, because it is the larger part.
  const seats = useSeatMap(id);
  useSeller(event.data?.organizerId);
  useTitle(event.data?.title);
  if (isProblem(event.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page stack loose">
      <Load
        of={event}
        waiting={
          <>
            <Skeleton height="9rem" />
            <Skeleton height="30rem" />
          </>
        }
      >
        {(found) => (
          <>
            <EventHead event={found} />
            <Sale event={found} seats={seats} />
            <About event={found} />
          </>
        )}
      </Load>
    </div>
  );
}

/** The hall to choose from, or why there is none. */
export function Sale({ event, seats }: { event: Event; seats: ReturnType<typeof useSeatMap> }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { map, error, retry } = seats;
  useMoments(event.saleStartsAt, event.saleEndsAt, event.endsAt);
  const sale = saleOf(event, t);
  // Called off, begun, at another time: the feed says so, and the event says what.
  useEffect(() => map?.on('change', ({ prices }) => prices && forget('event')), [map, forget]);
  if (sale.closed) return <p className="notice warm">{sale.text}</p>;
  if (error) return <Failure error={error} retry={retry} />;
  return (
    <>
      {sale.text && (
        <p className="notice">
          {sale.text} {sale.from && <Until at={sale.from} />}
        </p>
      )}
      {map ? <Choosing key={event.id} event={event} map={map} /> : <HallOutline eventId={event.id} />}
    </>
  );
}

function About({ event: { description, refundPolicy } }: { event: Event }) {
  const { t } = useTranslation();
  return (
    <div className="stack loose">
      {description && (
        <section className="stack tight" id="about">
          <h2>{t('event.about')}</h2>
          <Prose markdown={description} />
        </section>
      )}
      <section className="stack tight">
        <h2>{t('event.returns')}</h2>
        <RefundPolicy policy={refundPolicy} />
      </section>
    </div>
  );
}
