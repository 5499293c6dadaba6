import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { AnyFact } from './fact-map.js';

/**
 * How far a reader has come: done are the facts visible in the snapshot `seen`, and of those visible in the later
 * snapshot `until` the ones up to `pos`.
 *
 * Whoever wrote the later of two facts about one thing had waited for the other's commit, so a snapshot that shows the
 * later shows the earlier, and `pos`, taken under the same lock, puts them in order. No number alone does that:
 * docs/decisions/fact-order.md. All are text: snapshots as PostgreSQL prints them, `pos` a 64-bit number.
 */
export interface Cursor {
  readonly seen: string;
  readonly until: string;
  readonly pos: string;
}

/** A snapshot that shows nothing. */
export const NOTHING = '1:1:';

/** A stream that one handler could not get past. Later facts of it wait; other streams and handlers go on. */
export interface ParkedStream {
  handler: string;
  stream: string;
  streamId: string;
  /** Of the fact that failed. */
  version: number;
  attempts: number;
  error: string;
  parkedAt: Date;
}

const CURSOR = 'seen::text, until::text, pos::text';

/** How far each handler has come, and what it had to leave behind. */
@Injectable()
export class CursorsRepository {
  constructor(private readonly database: Database) {}

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

  async park(tx: Tx, handler: string, fact: AnyFact, attempts: number, error: string): Promise<void> {
    await tx.query(
      `INSERT INTO fact_parked (handler, stream, stream_id, version, attempts, error)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [handler, fact.stream, fact.streamId, fact.version, attempts, error],
    );
  }

  listParked(): Promise<ParkedStream[]> {
    return this.database.statement<ParkedStream & Record<string, unknown>>(
      'fact_parked.list',
      `SELECT handler, stream, stream_id AS "streamId", version, attempts, error, parked_at AS "parkedAt"
         FROM fact_parked ORDER BY parked_at LIMIT 1000`,
    );
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
    await tx.query('DELETE FROM fact_parked WHERE handler = $1', [handler]);
  }

  async failedAgain(handler: string, stream: string, streamId: string, error: string): Promise<void> {
    await this.database.statement(
      'fact_parked.failed_again',
      `UPDATE fact_parked SET attempts = attempts + 1, error = $4
        WHERE handler = $1 AND stream = $2 AND stream_id = $3`,
      [handler, stream, streamId, error],
    );
  }
}
