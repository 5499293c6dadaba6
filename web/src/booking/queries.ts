import { api, ok } from '../api.js';
import { paged } from '../paged.js';

export const bookingsQuery = {
  queryKey: ['bookings'],
  ...paged((at) => ok(api.GET('/api/v1/bookings', { params: { query: at } }))),
};
export const bookingQuery = (id: string) => ({
  queryKey: ['booking', id],
  queryFn: () => ok(api.GET('/api/v1/bookings/{id}', { params: { path: { id } } })),
});
export const paymentsQuery = (bookingId: string) => ({
  queryKey: ['booking', bookingId, 'payments'],
  queryFn: () => ok(api.GET('/api/v1/payments', { params: { query: { bookingId } } })),
});
export const ticketsQuery = {
  queryKey: ['tickets'],
  ...paged((at) => ok(api.GET('/api/v1/tickets', { params: { query: at } }))),
};
export const bookingTicketsQuery = (id: string) => ({
  queryKey: ['tickets', 'of', id],
  queryFn: () => ok(api.GET('/api/v1/bookings/{id}/tickets', { params: { path: { id } } })),
});
export const transfersQuery = {
  queryKey: ['tickets', 'transfers'],
  queryFn: () => ok(api.GET('/api/v1/ticket-transfers')),
};
