const PARTS = 5;

export class LateAnswer extends Error {
  constructor() {
    super('No answer in time');
  }
}

/**
 * Rejects with `LateAnswer` when there is no answer within `ms`, not counting the time for which this process itself was
 * busy: the time is waited for in parts, and timers run before sockets are read. By one timer a rush of a thousand
 * requests, which keeps the loop busy for 50 ms and more, made an idle Redis look dead.
 */
export function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let left = PARTS;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      timer = setTimeout(() => {
        setImmediate(() => {
          if (left === 0) return;
          if (--left > 0) wait();
          else reject(new LateAnswer());
        });
      }, ms / PARTS);
    };
    wait();
    const end = (): void => {
      left = 0;
      clearTimeout(timer);
    };
    answer.then(resolve, reject).finally(end);
  });
}
