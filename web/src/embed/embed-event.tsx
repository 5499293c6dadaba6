import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { longTimes } from '../format.js';
import { useSeller } from '../house/house.js';
import { useSeatMap } from '../map/use-seat-map.js';
import { Sale } from '../shop/event-page.js';
import { Poster } from '../shop/poster.js';
import { eventQuery } from '../shop/queries.js';
import { Load, Skeleton } from '../ui/states.js';

/** Title, time, and the hall to choose from. */
export function EmbedEvent() {
  const { id } = useParams() as { id: string };
  const event = useQuery(eventQuery(id));
  const seats = useSeatMap(id);
  useSeller(event.data?.organizerId);
  return (
    <Load of={event} waiting={<Skeleton height="26rem" />}>
      {(found) => (
        <>
          <header className="embed-head">
            <Poster event={found} sizes="8rem" />
            <div>
              <h1>{found.title}</h1>
              <p className="soft">{longTimes(found)}</p>
            </div>
          </header>
          <Sale event={found} seats={seats} />
        </>
      )}
    </Load>
  );
}
