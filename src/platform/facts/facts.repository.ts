import { Injectable } from '@nestjs/common';
import { correlationId } from '../common/request-context.js';
import { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { Cursor } from './cursors.repository.js';
import type { AnyFact, FactName, NewFact } from './fact-map.js';

const COLUMNS = `pos::text, event_id AS "eventId", stream, stream_id AS "streamId", version, type, data, actor,
  correlation_id AS "correlationId", occurred_at AS "occurredAt"`;

/** How many facts are read at a time. */
export const PAGE = 2_000;

/** Facts read at a time when all are read and nobody waits. */
export const LARGE_PAGE = 20_000;

/** Facts of PAGE consecutive values of `pos`, and the transactions that wrote them: their index begins with those. */
interface Piece {
  readonly number: string;
  readonly lowest: string;
  readonly highest: string;
}

const COUNTED = 10_000;
const BEFORE_ALL: FactName = { streamId: '00000000-0000-0000-0000-000000000000', version: 0, stream: '' };

/** Facts that a reader has not had yet: their number and age. */
export interface Lag {
  name: string;
  /** Counted up to 10,000. */
  waiting: number;
  /** Age of the oldest, 0 when none waits. */
  waitingSeconds: number;
}

/** The event store. */
@Injectable()
export class FactsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Repository on another connection, for reads that take longer than the hot path may. */
  static on(connection: Pick<DatabaseService, 'statement'>): FactsRepository {
    return new FactsRepository(connection as DatabaseService);
  }

  /** Writes facts in the order given; versions that are not given continue their stream. @returns their names */
  async insert(tx: Tx, facts: readonly NewFact[]): Promise<FactName[]> {
    return tx.query(
      `INSERT INTO fact (event_id, stream, stream_id, version, type, data, actor, correlation_id)
       SELECT n."eventId", n.stream, n."streamId",
              coalesce(n.version,
                (SELECT coalesce(max(f.version), 0) FROM fact f
                  WHERE f.stream_id = n."streamId" AND f.stream = n.stream)
                + row_number() OVER (PARTITION BY n.stream, n."streamId" ORDER BY n.i)),
              n.type, n.data, n.actor, $2
         FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS
                (type text, stream text, "streamId" uuid, "eventId" uuid, data jsonb, actor uuid, version int))
              WITH ORDINALITY AS n(type, stream, "streamId", "eventId", data, actor, version, i)
        ORDER BY n.i
       RETURNING stream, stream_id AS "streamId", version`,
      [JSON.stringify(facts), correlationId()],
    );
  }

  /** Facts of the streams named by kind and id, in the order they were written. */
  ofStreams(streams: readonly (readonly [string, string])[]): Promise<AnyFact[]> {
    return this.database.statement(
      'fact.of_streams',
      `SELECT ${COLUMNS} FROM unnest($1::text[], $2::uuid[]) AS wanted(kind, subject)
         JOIN fact ON stream_id = wanted.subject AND stream = wanted.kind ORDER BY fact.pos`,
      [streams.map(([stream]) => stream), streams.map(([, id]) => id)],
    );
  }

  /** The next PAGE matching facts between the snapshots of a cursor. */
  next(cursor: Cursor, patterns: string[]): Promise<AnyFact[]> {
    return this.database.statement(
      'fact.next',
      `SELECT ${COLUMNS} FROM fact
        WHERE ${between('$1::pg_snapshot', '$2::pg_snapshot')}
          AND fact.pos > $3::bigint AND type LIKE ANY ($4::text[])
        ORDER BY fact.pos LIMIT ${PAGE}`,
      [cursor.seen, cursor.until, cursor.pos, patterns],
    );
  }

  /** How many facts match. */
  async count(patterns: string[]): Promise<number> {
    const [row] = await this.database.statement<{ count: number }>(
      'fact.count',
      'SELECT count(*)::int AS count FROM fact WHERE type LIKE ANY ($1::text[])',
      [patterns],
    );
    return row!.count;
  }

  /** Remaining facts between the snapshots of a cursor, in pieces to be read one after the other. */
  pieces(cursor: Cursor): Promise<Piece[]> {
    return this.database.statement<Piece & Record<string, unknown>>(
      'fact.pieces',
      `SELECT (fact.pos / ${PAGE})::text AS number, min(xid)::text AS lowest, max(xid)::text AS highest FROM fact
        WHERE ${between('$1::pg_snapshot', '$2::pg_snapshot')} AND fact.pos > $3::bigint
        GROUP BY fact.pos / ${PAGE} ORDER BY fact.pos / ${PAGE}`,
      [cursor.seen, cursor.until, cursor.pos],
    );
  }

  /** The matching facts of a piece after the cursor. */
  piece(cursor: Cursor, patterns: string[], { number, lowest, highest }: Piece): Promise<AnyFact[]> {
    return this.database.statement(
      'fact.piece',
      `SELECT ${COLUMNS} FROM fact
        WHERE xid >= $5::xid8 AND xid <= $6::xid8
          AND fact.pos >= $7::bigint * ${PAGE} AND fact.pos < ($7::bigint + 1) * ${PAGE}
          AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot) AND pg_visible_in_snapshot(xid, $2::pg_snapshot)
          AND fact.pos > $3::bigint AND type LIKE ANY ($4::text[])
        ORDER BY fact.pos`,
      [cursor.seen, cursor.until, cursor.pos, patterns, lowest, highest, number],
    );
  }

  /** The next matching facts that a snapshot shows, in the order of their streams' ids, and in order within each. */
  byStream(snapshot: string, patterns: string[], size: number, last = BEFORE_ALL): Promise<AnyFact[]> {
    return this.database.statement(
      'fact.by_stream',
      `SELECT ${COLUMNS} FROM fact
        WHERE (stream_id, version, stream) > ($3::uuid, $4::int, $5::text)
          AND pg_visible_in_snapshot(xid, $1::pg_snapshot) AND type LIKE ANY ($2::text[])
        ORDER BY stream_id, version, stream LIMIT $6`,
      [snapshot, patterns, last.streamId, last.version, last.stream, size],
    );
  }

  /** Matching facts of a stream, from a version on, that the cursor has already passed. */
  passed(
    tx: Tx,
    cursor: Cursor,
    patterns: string[],
    stream: string,
    streamId: string,
    version: number,
  ): Promise<AnyFact[]> {
    return tx.query(
      `SELECT ${COLUMNS} FROM fact
        WHERE stream_id = $1 AND stream = $2 AND version >= $3 AND type LIKE ANY ($4::text[])
          AND (pg_visible_in_snapshot(xid, $5::pg_snapshot)
            OR (pg_visible_in_snapshot(xid, $6::pg_snapshot) AND fact.pos <= $7::bigint))
        ORDER BY version`,
      [streamId, stream, version, patterns, cursor.seen, cursor.until, cursor.pos],
    );
  }

  /** Lag of each reader that has a cursor, by name. */
  lag(readers: readonly { name: string; patterns: string[] }[]): Promise<Lag[]> {
    return this.database.statement<Lag & Record<string, unknown>>(
      'fact.lag',
      `SELECT r.name, l.waiting, l."waitingSeconds"
         FROM jsonb_to_recordset($1::jsonb) AS r(name text, patterns text[])
         JOIN fact_cursor c ON c.handler = r.name
         CROSS JOIN LATERAL (
           SELECT count(*)::int AS waiting,
                  coalesce(extract(epoch FROM clock_timestamp() - min(occurred_at)), 0)::float8 AS "waitingSeconds"
             FROM (SELECT occurred_at FROM fact
                    WHERE xid >= pg_snapshot_xmin(c.seen) AND NOT pg_visible_in_snapshot(xid, c.seen)
                      AND NOT (pg_visible_in_snapshot(xid, c.until) AND fact.pos <= c.pos)
                      AND type LIKE ANY (r.patterns)
                    ORDER BY xid, fact.pos LIMIT ${COUNTED}) waits) l
        ORDER BY r.name`,
      [JSON.stringify(readers)],
    );
  }

  /** The snapshot of now, and whether it shows facts that an earlier one did not. */
  async look(seen: string): Promise<{ now: string; found: boolean }> {
    const [row] = await this.database.statement<{ now: string; found: boolean }>(
      'fact.look',
      `SELECT now::text, EXISTS (SELECT FROM fact WHERE ${between('$1::pg_snapshot', 'now')}) AS found
         FROM pg_current_snapshot() AS now`,
      [seen],
    );
    return row!;
  }
}

/** Condition for facts committed between two snapshots; the bounds on `xid` are there for the index. */
const between = (seen: string, until: string) =>
  `xid >= pg_snapshot_xmin(${seen}) AND xid < pg_snapshot_xmax(${until})
          AND NOT pg_visible_in_snapshot(xid, ${seen}) AND pg_visible_in_snapshot(xid, ${until})`;
