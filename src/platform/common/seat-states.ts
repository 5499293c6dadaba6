/** States of a seat: the number that the database, the feed and the API write. In SQL functions `:SEAT_HELD`. */
export const SEAT = { FREE: 0, HELD: 1, BOOKED: 2, BLOCKED: 3 } as const;
