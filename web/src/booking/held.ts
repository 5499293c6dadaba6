import { useQuery } from '@tanstack/react-query';
import { api, ok, type Schemas } from '../api.js';

const heldQuery = {
  queryKey: ['bookings', 'held'],
  queryFn: () => ok(api.GET('/api/v1/bookings', { params: { query: { status: 'held', limit: 20 } } })),
};

/** Bookings that wait to be paid, the one that ends first before the others. */
export function useHeld(): (Schemas['Booking'] & { expiresAt: string })[] {
  const { data } = useQuery(heldQuery);
  return (data?.data ?? [])
    .flatMap((booking) => (booking.expiresAt ? [{ ...booking, expiresAt: booking.expiresAt }] : []))
    .filter(({ expiresAt }) => Date.parse(expiresAt) > Date.now())
    .sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt));
}
