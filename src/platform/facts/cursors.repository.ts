import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { AnyFact } from './fact-map.js';
import { ParkedStreamEntity } from './parked-stream.entity.js';

/**
 * Position of a reader: it has handled all facts visible in the snapshot `seen`, and the facts up to `pos` among those
 * visible in the later snapshot `until`.
 *
 * The transaction that wrote the later of two facts of one stream had waited for the commit of the earlier, so a
 * snapshot that shows the later fact shows the earlier one too, and `pos`, taken under the same lock, puts them in
 * order. No number alone does that: docs/decisions/fact-order.md. All are text: snapshots as PostgreSQL prints them,
 * `pos` a 64-bit number.
 */
export interface Cursor {
  readonly seen: string;
  readonly until: string;
  readonly pos: string;
}

/** A snapshot that shows nothing. */
export const NOTHING = '1:1:';

/** Number of failures of a handler on a stream, after which the stream waits for an operator. */
export const MAX_ATTEMPTS = 10;
const FIRST_RETRY_SECONDS = 0.1;
const LONGEST_RETRY_SECONDS = 60;
const DUE_STREAMS = 100;

/**
 * Time at which a stream with this many failures is tried again: 0.1 s after the first failure, then twice as long each
 * time, 51 s in all; null after the last.
 */
const retryAt = (attempts: string) =>
  `CASE WHEN ${attempts} < ${MAX_ATTEMPTS} THEN clock_timestamp()
     + least(${FIRST_RETRY_SECONDS} * 2 ^ (${attempts} - 1), ${LONGEST_RETRY_SECONDS}) * interval '1 second' END`;

const CURSOR = 'seen::text, until::text, pos::text';

/** Cursors of the handlers, and the streams they have parked. */
@Injectable()
export class CursorsRepository {
  constructor(
    @InjectRepository(ParkedStreamEntity) private readonly parked: Repository<ParkedStreamEntity>,
    private readonly database: DatabaseService,
  ) {}

  /** The handler's cursor, made at the snapshot `seen` when it has none. */
  async open(handler: string, seen: string): Promise<Cursor> {
    await this.database.statement(
      'fact_cursor.create',
      'INSERT INTO fact_cursor (handler, seen, until, pos) VALUES ($1, $2, $2, 0) ON CONFLICT DO NOTHING',
      [handler, seen],
    );
    const [row] = await this.database.statement<Cursor & Record<string, string>>(
      'fact_cursor.read',
      `SELECT ${CURSOR} FROM fact_cursor WHERE handler = $1`,
      [handler],
    );
    return row!;
  }

  /** The cursor, which nobody else can move before the transaction ends. */
  async lock(tx: Tx, handler: string): Promise<Cursor | undefined> {
    const [row] = await tx.query(`SELECT ${CURSOR} FROM fact_cursor WHERE handler = $1 FOR UPDATE`, [
      handler,
    ]);
    return row;
  }

  async move(tx: Tx, handler: string, to: Cursor): Promise<void> {
    await tx.query('UPDATE fact_cursor SET seen = $2, until = $3, pos = $4 WHERE handler = $1', [
      handler,
      to.seen,
      to.until,
      to.pos,
    ]);
  }

  /** The ids of streams that wait, by stream: a fact of `stream` `id` waits when it has `stream id`. */
  async parkedStreams(tx: Tx, handler: string): Promise<Set<string>> {
    const rows: { key: string }[] = await tx.query(
      `SELECT stream || ' ' || stream_id AS key FROM fact_parked WHERE handler = $1`,
      [handler],
    );
    return new Set(rows.map((row) => row.key));
  }

  /** Sets a stream aside, with another try soon. */
  async park(tx: Tx, handler: string, fact: AnyFact, error: string): Promise<void> {
    await tx.query(
      `INSERT INTO fact_parked (handler, stream, stream_id, version, attempts, error, retry_at)
       VALUES ($1, $2, $3, $4, 1, $5, ${retryAt('1')})`,
      [handler, fact.stream, fact.streamId, fact.version, error],
    );
  }

  /** Streams whose next try is due, the longest overdue first. */
  due(handler: string): Promise<Pick<ParkedStreamEntity, 'stream' | 'streamId'>[]> {
    return this.database.statement<Pick<ParkedStreamEntity, 'stream' | 'streamId'> & Record<string, unknown>>(
      'fact_parked.due',
      `SELECT stream, stream_id AS "streamId" FROM fact_parked
        WHERE handler = $1 AND retry_at <= clock_timestamp() ORDER BY retry_at LIMIT ${DUE_STREAMS}`,
      [handler],
    );
  }

  listParked(): Promise<ParkedStreamEntity[]> {
    return this.parked.find({ order: { parkedAt: 'ASC' }, take: 1_000 });
  }

  /** Ends the parking; the version of the fact that failed, or undefined when the stream is not parked. */
  async unpark(tx: Tx, handler: string, stream: string, streamId: string): Promise<number | undefined> {
    const [[row]] = await tx.query(
      'DELETE FROM fact_parked WHERE handler = $1 AND stream = $2 AND stream_id = $3 RETURNING version',
      [handler, stream, streamId],
    );
    return row?.version;
  }

  async unparkAll(tx: Tx, handler: string): Promise<void> {
    await tx.delete(ParkedStreamEntity, { handler });
  }

  /** Counts another failure. @returns how many there are now, or undefined when the stream is no longer parked */
  async failedAgain(
    handler: string,
    stream: string,
    streamId: string,
    error: string,
  ): Promise<number | undefined> {
    const [row] = await this.database.statement<{ attempts: number }>(
      'fact_parked.failed_again',
      `UPDATE fact_parked SET attempts = attempts + 1, error = $4, retry_at = ${retryAt('attempts + 1')}
        WHERE handler = $1 AND stream = $2 AND stream_id = $3 RETURNING attempts`,
      [handler, stream, streamId, error],
    );
    return row?.attempts;
  }
}
