import { DomainError } from '../common/domain-error.js';

/**
 * Runs at most `parallel` jobs at once and lets at most `waiting` more wait, first come, first served.
 * Errors: `overloaded` (503) beyond that.
 */
export class HashQueue {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly parallel: number,
    private readonly waiting: number,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.parallel) {
      if (this.queue.length >= this.waiting) throw new DomainError('overloaded', { retryAfter: 2 });
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else {
      this.running++;
    }
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.running--;
    }
  }
}
