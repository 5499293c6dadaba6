import type pg from 'pg';

/*
 * Transaction ids belong to a cluster, and facts and the cursors of their readers are made of them. A restore moves all
 * of them by one distance, so that the backup's moment falls on the transaction that loads it: every reader then goes
 * on exactly where it was. Below 3 nothing can be told apart; what would fall there is older than any cursor, because
 * the cluster is first brought forward as far as the slowest reader was behind.
 */
const LOWEST = 3n;
const NOTHING = '1:1:';
const SPARE = 10n;

const boundsOf = (snapshot: string) => snapshot.split(':', 2).map(BigInt) as [xmin: bigint, xmax: bigint];

/**
 * Begins the transaction that loads, far enough on in the life of the cluster.
 * @param cursors snapshots, as text
 */
export async function beginAfter(
  client: pg.Client,
  snapshot: string,
  cursors: readonly string[],
): Promise<void> {
  const [, moment] = boundsOf(snapshot);
  const oldest = cursors
    .filter((cursor) => cursor !== NOTHING)
    .map((cursor) => boundsOf(cursor)[0])
    .reduce((low, xmin) => (xmin < low ? xmin : low), moment);
  // 100,000 a second; a reader is rarely more than a few behind.
  await client.query(`
    DO $$ BEGIN
      WHILE pg_current_xact_id()::text::bigint < ${moment - oldest + LOWEST + SPARE} LOOP COMMIT; END LOOP;
    END $$`);
  await client.query('BEGIN');
}

/** Number to subtract from the backup's transaction ids, in the transaction that loads them. */
export async function shiftOf(client: pg.Client, snapshot: string): Promise<bigint> {
  const { rows } = await client.query('SELECT pg_current_xact_id()::text AS now');
  return boundsOf(snapshot)[1] - BigInt(rows[0].now);
}

export async function moveCursors(client: pg.Client, shift: bigint): Promise<void> {
  const { rows } = await client.query('SELECT handler, seen::text, until::text FROM fact_cursor');
  for (const { handler, seen, until } of rows)
    await client.query('UPDATE fact_cursor SET seen = $2, until = $3 WHERE handler = $1', [
      handler,
      moved(seen, shift),
      moved(until, shift),
    ]);
}

/** `xmin:xmax:running,…` with every id moved. */
function moved(snapshot: string, shift: bigint): string {
  if (snapshot === NOTHING) return snapshot;
  return snapshot.replace(/\d+/g, (id) => `${BigInt(id) - shift}`);
}
