import { Logger } from '@nestjs/common';

/** Work that nobody waits for. Failures are logged; `drain` lets a shutdown wait for what is under way. */
export class Background {
  private readonly log = new Logger(Background.name);
  private readonly running = new Set<Promise<void>>();

  run(what: string, work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => this.log.error({ err: error }, `${what} failed`))
      .finally(() => this.running.delete(done));
    this.running.add(done);
  }

  async drain(): Promise<void> {
    await Promise.all(this.running);
  }
}
