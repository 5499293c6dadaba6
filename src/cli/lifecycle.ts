import { Logger } from '@nestjs/common';
import { isConnectionError } from '../platform/common/database-errors.js';
import { explainFailure } from '../platform/common/startup-error.js';
import { ConfigError } from '../platform/config/config.js';

/** npm passes on the Ctrl-C that the terminal has sent already, so one key press may come as two signals. */
const SAME_KEY_PRESS = 500;
const DRAIN_TIMEOUT = 15_000;
/** Log line that appears only when the code lacks a listener; the drills look for it. */
export const UNHEARD = 'A connection failed and nobody listened';

type Stop = () => Promise<void>;

/**
 * Runs what was started, and ends it in reverse order on a signal or a failure. The process ends here and nowhere else.
 */
export class Lifecycle {
  private readonly stops: Stop[] = [];
  private starting: Promise<unknown> | undefined;
  private stoppingSince: number | undefined;

  /**
   * Called once before anything is stopped, when the end is not in a hurry (SIGTERM); a second signal does not wait for
   * it.
   */
  farewell: () => Promise<void> = async () => {};

  constructor(private readonly say: (line: string) => void) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => this.onSignal(signal));
    for (const event of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(event, (error: unknown) => {
        // The end of a connection must end nothing else, wherever it was forgotten. Anything unknown may have left half
        // a change.
        if (isConnectionError(error)) return Logger.error({ err: error }, UNHEARD);
        Logger.fatal({ err: error }, `Stopping after an ${event}`);
        void this.stop(1);
      });
  }

  /**
   * Waits for what is starting; it will be stopped before everything that was started earlier. Never returns once a
   * signal has come.
   */
  async start<T>(starting: Promise<T>, stop: (started: T) => Promise<void>): Promise<T> {
    this.starting = starting;
    const started = await starting;
    this.starting = undefined;
    this.stops.push(() => stop(started));
    if (this.stoppingSince !== undefined) await new Promise(() => {});
    return started;
  }

  async fail(error: unknown): Promise<void> {
    if (this.stoppingSince !== undefined) return;
    const known = error instanceof ConfigError ? error.message : explainFailure(error);
    console.error(
      known ?? `Evently could not start: ${error instanceof Error ? error.stack : String(error)}`,
    );
    await this.stop(1);
  }

  private onSignal(signal: NodeJS.Signals): void {
    if (this.stoppingSince === undefined) {
      this.say('Stopping: requests under way are finished first. Ctrl-C again ends at once.');
      void this.stop(0, signal === 'SIGTERM' ? this.farewell : undefined);
    } else if (Date.now() - this.stoppingSince > SAME_KEY_PRESS) {
      // Everything is cut off at once; PostgreSQL, a process of its own, is still told to write everything to disk.
      for (const stop of this.stops) void stop().catch(() => {});
      process.exit(130);
    }
  }

  private async stop(code: number, farewell?: () => Promise<void>): Promise<void> {
    if (this.stoppingSince !== undefined) return;
    this.stoppingSince = Date.now();
    let outcome = code;
    await this.starting?.catch(() => {});
    await farewell?.();
    while (this.stops.length > 0) {
      const next = this.stops.at(-1) as Stop;
      await within(DRAIN_TIMEOUT, next()).catch((error: unknown) => {
        console.error('Not everything stopped cleanly:', error instanceof Error ? error.message : error);
        outcome = 1;
      });
      this.stops.pop();
    }
    process.exit(outcome);
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still busy after ${ms / 1000} s`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
