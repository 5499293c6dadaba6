import { Socket } from 'node:net';

/**
 * A socket for pg that ends after `ms` without any traffic. A query to a vanished host would otherwise wait for the
 * network's own timeout, about 15 minutes. pg's `query_timeout` is no help: it fails the query but leaves the
 * connection in TypeORM's pool, where the next query waits as long.
 */
export function patientSocket(ms: number): Socket {
  const socket = new Socket();
  // Its time may be over before pg listens, or after.
  socket.on('error', () => {});
  socket.setTimeout(ms, () =>
    socket.destroy(Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' })),
  );
  return socket;
}
