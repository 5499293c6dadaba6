import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../database/database.service.js';

export interface SealHead {
  /** Length of the chain. */
  no: number;
  /** Hash of the last seal, in hex; it stands for everything before it. */
  hash: string;
}

export interface BrokenSeal {
  no: number;
  problem: 'seals before it are missing' | 'it does not continue the one before' | 'it was changed';
}

export interface BrokenFact {
  pos: string;
  problem: 'changed' | 'missing' | 'inserted';
  /** Number of the seal that tells; null for one that none knows. */
  seal: number | null;
  /** `stream streamId version type`; null when there is no fact. */
  fact: string | null;
}

const SHOWN = 100;

/** Seals: numbered, each over up to 1,000 facts and the seal before it. */
@Injectable()
export class SealsRepository {
  constructor(private readonly database: DatabaseService) {}

  /** Seals up to `limit` facts that no seal covers. @returns how many; fewer than the limit when none are left */
  async seal(limit: number): Promise<number> {
    const [row] = await this.database.statement<{ sealed: number }>(
      'fact_seal.seal',
      'SELECT fact_seal_v1($1) AS sealed',
      [limit],
    );
    return row!.sealed;
  }

  async head(): Promise<SealHead | undefined> {
    const [row] = await this.database.statement<SealHead & Record<string, unknown>>(
      'fact_seal.head',
      `SELECT no::int, encode(hash, 'hex') AS hash FROM fact_seal ORDER BY no DESC LIMIT 1`,
    );
    return row;
  }

  async find(hash: string): Promise<number | undefined> {
    const [row] = await this.database.statement<{ no: number }>(
      'fact_seal.find',
      `SELECT no::int FROM fact_seal WHERE hash = decode($1, 'hex')`,
      [hash],
    );
    return row?.no;
  }

  /** Compares all seals and facts, in one snapshot and for as long as it takes. The first 100 of each kind. */
  verify(): Promise<{ seals: BrokenSeal[]; facts: BrokenFact[]; sealed: number }> {
    return this.database.longSnapshot(async (client) => {
      await client.query('SET LOCAL statement_timeout = 0');
      const seals = await client.query<BrokenSeal>(
        `SELECT no::int, CASE WHEN no <> before + 1 THEN 'seals before it are missing'
                              WHEN previous <> linked THEN 'it does not continue the one before'
                              ELSE 'it was changed' END AS problem
           FROM (SELECT *, lag(no, 1, 0::bigint) OVER chain AS before, lag(hash, 1, ''::bytea) OVER chain AS linked
                   FROM fact_seal WINDOW chain AS (ORDER BY no)) s
          WHERE no <> before + 1 OR previous <> linked OR hash <> fact_seal_hash(previous, no, digests)
          ORDER BY no LIMIT ${SHOWN}`,
      );
      const facts = await client.query<BrokenFact>(
        `SELECT coalesce(s.pos, f.pos)::text AS pos, s.no::int AS seal,
                CASE WHEN f.pos IS NULL THEN 'missing' WHEN s.pos IS NULL THEN 'inserted' ELSE 'changed' END AS problem,
                concat_ws(' ', f.stream, f.stream_id, f.version, f.type) AS fact
           FROM (SELECT no, e.pos, e.digest FROM fact_seal, unnest(positions, digests) AS e(pos, digest)) s
           FULL JOIN (SELECT f.*, fact_digest(f) AS digest FROM fact f JOIN fact_cursor c ON c.handler = 'seals'
                       WHERE pg_visible_in_snapshot(f.xid, c.seen)
                          OR (pg_visible_in_snapshot(f.xid, c.until) AND f.pos <= c.pos)) f ON f.pos = s.pos
          WHERE s.digest IS DISTINCT FROM f.digest
          ORDER BY coalesce(s.pos, f.pos) LIMIT ${SHOWN}`,
      );
      const { rows } = await client.query<{ sealed: number }>(
        'SELECT coalesce(sum(cardinality(positions)), 0)::int AS sealed FROM fact_seal',
      );
      return { seals: seals.rows, facts: facts.rows, sealed: rows[0]!.sealed };
    });
  }
}
