import { join } from 'node:path';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { DomainError } from '../../platform/common/domain-error.js';
import { DIST } from '../../platform/common/paths.js';
import type { PrintJob } from './print-thread.js';

/** The thread has 50 MB of fonts and code; between evenings it need not be there. */
const IDLE_MS = 60_000;
/** As many documents as are printed in some seconds. */
const MOST_WAITING = 200;

/** Prints tickets in a thread of its own: a page takes 10 ms, for which the event loop would keep buyers waiting. */
@Injectable()
export class TicketPrinterService implements OnApplicationShutdown {
  private readonly log = new Logger(TicketPrinterService.name);
  private pool: Piscina | undefined;

  /** See `ticketPdf`. Errors: `overloaded` (503). */
  async print(job: PrintJob): Promise<Buffer> {
    this.pool ??= this.start();
    if (this.pool.queueSize >= MOST_WAITING) throw new DomainError('overloaded', { retryAfter: 2 });
    const { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer> = await this.pool.run(job);
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.destroy();
  }

  private start(): Piscina {
    const pool = new Piscina({
      filename: join(DIST, 'src', 'tickets', 'documents', 'print-thread.js'),
      name: 'print',
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_MS,
      recordTiming: false,
    });
    pool.on('error', (error) => this.log.warn({ err: error }, 'The thread that prints tickets has ended'));
    return pool;
  }
}
