import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Piscina } from 'piscina';
import { DIST } from '../../platform/common/paths.js';

/** Threads that hash passwords, begun with the first one. They do not keep the process alive. */
export class HashThreads {
  private readonly log = new Logger(HashThreads.name);
  private pool: Piscina | undefined;

  constructor(private readonly count: number) {}

  /** Number of passwords that no thread has at hand yet. */
  get waiting(): number {
    return this.pool?.queueSize ?? 0;
  }

  hash(password: string | Buffer): Promise<string> {
    this.pool ??= this.start();
    return this.pool.run(password, { name: 'hash' });
  }

  verify(hash: string, password: string): Promise<boolean> {
    this.pool ??= this.start();
    return this.pool.run({ hash, password }, { name: 'verify' });
  }

  private start(): Piscina {
    const pool = new Piscina({
      filename: join(DIST, 'src', 'auth', 'tokens', 'hash-thread.js'),
      name: 'verify',
      minThreads: this.count,
      maxThreads: this.count,
      // Threads that waited for the event loop to hand them the next password idled a third of the time.
      concurrentTasksPerWorker: 2,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
      recordTiming: false,
    });
    pool.on('error', (error) => this.log.warn({ err: error }, 'A thread that hashes passwords has ended'));
    return pool;
  }
}
