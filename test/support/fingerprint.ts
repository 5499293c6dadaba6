import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { until } from './until.js';

/** Tables that jobs write (as they do the numbers, `sales_…`), or (`act`) that tell of those who were refused as well. */
const OF_THE_APPLICATION = [
  'job',
  'fact_cursor',
  'fact_seal',
  'event_listing',
  'act',
  'act_outcome',
  'reconciled',
];

/** Tables whose rows a worker takes up again by itself, as when a delivery has failed. */
const OF_WORKERS = ['mail', 'webhook_delivery', 'saga'];

/** Where not each writing is a change: a job notes when keys were last used. */
const LAST_CHANGE: Readonly<Record<string, string>> = { api_key: 'sum(version)' };

/** Number of rows of each table, and the last transaction that wrote one. */
export type Fingerprint = Readonly<Record<string, string>>;

/** Fingerprint of every table but those of the application's own jobs. */
export async function takeFingerprint(db: pg.Pool): Promise<Fingerprint> {
  const { rows: tables } = await db.query(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname <> ALL ($1) AND relname NOT LIKE 'sales\\_%' ORDER BY 1`,
    [OF_THE_APPLICATION],
  );
  const { rows } = await db.query(
    tables
      .map(
        ({ relname: t }) =>
          `SELECT '${t}' AS t, count(*) || ' ' || coalesce(${LAST_CHANGE[t] ?? 'max(xmin::text::bigint)'}, 0) AS is
           FROM "${t}"`,
      )
      .join(' UNION ALL '),
  );
  return Object.fromEntries(rows.map(({ t, is }) => [t, is]));
}

export const changedTables = (before: Fingerprint, now: Fingerprint): string[] =>
  Object.keys(now).filter((table) => now[table] !== before[table]);

/** Whether a worker that took its rows up again may be all that has written since; it adds no row. */
export function mayBeWorkers(before: Fingerprint, now: Fingerprint): boolean {
  const changed = changedTables(before, now);
  const sameNumber = (table: string) => rowsIn(before[table]!) === rowsIn(now[table]!);
  return changed.length > 0 && changed.every((table) => OF_WORKERS.includes(table) && sameNumber(table));
}

const rowsIn = (fingerprint: string) => fingerprint.split(' ')[0];

/** Waits until nothing has changed by itself for `ms`. @returns the fingerprint then */
export async function quietFingerprint(db: pg.Pool, ms: number): Promise<Fingerprint> {
  let last = await takeFingerprint(db);
  await until(async () => {
    await sleep(ms);
    const now = await takeFingerprint(db);
    const changed = changedTables(last, now);
    last = now;
    return changed.length === 0;
  }, 60_000);
  return last;
}
