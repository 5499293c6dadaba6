export class LateAnswer extends Error {
  constructor() {
    super('No answer in time');
  }
}

/**
 * Rejects with `LateAnswer` when there is no answer within `ms`. Timers run before sockets are read, so whoever is late
 * gets one more turn of the loop: in a rush this process is busy for longer than that, with the answer waiting in the socket.
 */
export function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new LateAnswer())), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
