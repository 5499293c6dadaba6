import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ok, type Schemas } from '../api.js';
import type { Selection } from '../map/selection.js';
import { useSession } from '../session.js';

const LIVE = new Set(['held', 'paying', 'confirmed']);

/** The buyer's own bookings of an event, in every tab: marked on the map, and the one that waits to be paid. */
export function useOwn(eventId: string, selection: Selection): Schemas['Booking'] | undefined {
  const { signedIn } = useSession();
  const { data } = useQuery({
    queryKey: ['bookings', 'of', eventId],
    queryFn: () => ok(api.GET('/api/v1/bookings', { params: { query: { eventId, limit: 100 } } })),
    enabled: signedIn,
  });
  const bookings = signedIn ? data?.data : undefined;
  useEffect(() => {
    const items = (bookings ?? []).flatMap(({ items: all }) => all.filter(({ status }) => LIVE.has(status)));
    selection.own(items.flatMap(({ seat }) => (seat ? [seat.n] : [])));
  }, [bookings, selection]);
  return bookings?.find(({ status }) => status === 'held');
}
