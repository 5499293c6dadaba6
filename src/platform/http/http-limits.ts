/**
 * Limits on what one client may take of the HTTP server. Times in milliseconds, sizes in bytes. The limits of the
 * connections themselves are in `connections.ts`, those of sockets in `live/live.adapter.ts`.
 */
export const HTTP_LIMITS = {
  /** Size of a body; a route may set its own limit, and then only organizers can use it. */
  body: 256 * 1024,
  /** Size of request line and headers together; beyond it 431. */
  header: 16 * 1024,
  /** Length of a path with its query, which bounds the number of parameters too. No route needs a quarter of it. */
  url: 8 * 1024,
  /**
   * Objects and arrays within each other. A seating plan has seven. 100,000 brackets fit a body, are parsed, and
   * overflow the stack of whoever walks them.
   */
  depth: 32,
  /** From a connection's first byte to the end of the headers, and to the end of the body: 408. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** How often connections are looked at for the two above. Node's default of 30 s would make 10 s up to 40. */
  lookEvery: 2_000,
  /** How long nothing at all may pass on a connection while a request is under way. Longer than any answer takes. */
  idle: 60_000,
} as const;
