import { Socket } from 'node:net';

/**
 * A socket for pg that ends after so many milliseconds in which nothing came or went. A question to a host that vanished
 * would wait for the network's own patience, about 15 minutes. Not pg's `query_timeout`: that one fails the question and
 * leaves its connection in TypeORM's pool, where the next question waits as long.
 */
export function patientSocket(ms: number): Socket {
  const socket = new Socket();
  socket.setTimeout(ms, () =>
    socket.destroy(Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' })),
  );
  return socket;
}
