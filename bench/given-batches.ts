import type pg from 'pg';

export const BATCH = 100;

/** The product's own batch function, called with arrays made beforehand; the feed is read from where the client was. */
export const GIVEN_BATCH = `\\set i :i + 1
\\set no :i * :clients + :client_id
SELECT r.* FROM bench_batch b, hold_batch_v1(:event::uuid, :seq::bigint, b.ids, b.users, b.codes, b.keys, b.keys, b.keys,
  b.reqs, b.items, b.seats, b.areas, '{}') r WHERE b.no = :no::int \\gset
`;

/** Makes the arguments of `count` calls, each for 100 requests of one fresh seat. */
export async function makeBatches(db: pg.Pool, count: number): Promise<void> {
  await db.query(`CREATE TABLE IF NOT EXISTS bench_batch (no int PRIMARY KEY, ids uuid[], users uuid[], codes text[],
    keys text[], reqs int[], items uuid[], seats int[], areas smallint[])`);
  await db.query('TRUNCATE bench_batch');
  await db.query(
    `INSERT INTO bench_batch
     SELECT no, array_agg(uuidv7() ORDER BY k), array_agg(uuidv7() ORDER BY k),
       array_agg(upper(substr(md5(random()::text), 1, 12)) ORDER BY k), array_agg(NULL::text), array_agg(k ORDER BY k),
       array_agg(uuidv7() ORDER BY k), array_agg(no * $2 + k - 1 ORDER BY k), array_agg(NULL::smallint)
     FROM generate_series(0, $1 - 1) no, generate_series(1, $2) k GROUP BY no`,
    [count, BATCH],
  );
  await db.query('VACUUM ANALYZE bench_batch');
}
