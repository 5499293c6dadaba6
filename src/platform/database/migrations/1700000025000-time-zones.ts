import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isTimeZone } from '../../common/time-zones.js';
import { createFunctions } from '../functions.js';

/**
 * Venues and events had any zone that `Intl` reads: NET, IST, +05:30, europe/berlin. They get the name of what it read there, so that
 * all that people have seen stays as it was, and their sales can be counted. Days that had been counted by PostgreSQL's own reading
 * of a name (IST, CET) are made anew by `npm run analytics:rebuild`.
 */
export class TimeZones1700000025000 implements MigrationInterface {
  readonly name = 'TimeZones1700000025000';

  async up(db: QueryRunner): Promise<void> {
    await createFunctions(db, 'analytics', ['zone_or_utc_v1']);
    for (const table of ['venue', 'event']) {
      const rows: { timezone: string }[] = await db.query(`SELECT DISTINCT timezone FROM ${table}`);
      for (const { timezone } of rows) if (!isTimeZone(timezone)) await rename(db, table, timezone);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION zone_or_utc_v1');
  }
}

const rename = (db: QueryRunner, table: string, zone: string) =>
  db.query(
    `WITH renamed AS (
       UPDATE ${table} SET timezone = $2, version = version + 1, updated_at = clock_timestamp() WHERE timezone = $1 RETURNING id)
     INSERT INTO fact (event_id, stream, stream_id, version, type, data)
     SELECT ${table === 'event' ? 'r.id' : 'NULL'}, '${table}', r.id,
            (SELECT coalesce(max(f.version), 0) + 1 FROM fact f WHERE f.stream_id = r.id AND f.stream = '${table}'),
            '${table}.updated', jsonb_build_object('timezone', $2::text)
       FROM renamed r`,
    [zone, nameOf(zone)],
  );

/** Zones of those hours and minutes that have no summer time, for the offsets that no `Etc/GMT` names. */
const BETWEEN_HOURS: Record<string, string> = {
  '-09:30': 'Pacific/Marquesas',
  '+03:30': 'Asia/Tehran',
  '+04:30': 'Asia/Kabul',
  '+05:30': 'Asia/Kolkata',
  '+05:45': 'Asia/Kathmandu',
  '+06:30': 'Asia/Yangon',
  '+08:45': 'Australia/Eucla',
  '+09:30': 'Australia/Darwin',
};

/** The name of what `Intl` reads there, which resolves links and case; UTC for an offset that no zone has. */
export function nameOf(zone: string): string {
  const resolved = resolve(zone);
  if (isTimeZone(resolved)) return resolved;
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(resolved) ?? [];
  // POSIX counts westwards.
  const fixed =
    minutes === '00' ? `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}` : BETWEEN_HOURS[resolved];
  return fixed && isTimeZone(fixed) ? fixed : 'UTC';
}

function resolve(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
