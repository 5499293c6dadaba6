import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { TIME_ZONES } from '../../../src/platform/common/time-zones.js';
import { asAdmin } from '../../support/database.js';

describe('time zones', () => {
  test('are those that database and browsers read the same', async () => {
    assert.equal(new Set(TIME_ZONES).size, TIME_ZONES.length);
    const names = new Set((await asAdmin('SELECT name FROM pg_timezone_names')).map(({ name }) => name));
    assert.deepEqual(
      TIME_ZONES.filter((zone) => !names.has(zone)),
      [],
    );
    const read = await asAdmin(
      `SELECT zone, to_char(timestamptz '2026-07-15 12:00Z' AT TIME ZONE zone, 'HH24:MI') AS summer,
              to_char(timestamptz '2026-01-15 12:00Z' AT TIME ZONE zone, 'HH24:MI') AS winter
         FROM unnest($1::text[]) AS zone`,
      [TIME_ZONES],
    );
    for (const { zone, summer, winter } of read) {
      const clock = (at: string) =>
        new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(
          new Date(at),
        );
      assert.deepEqual(
        [zone, clock('2026-07-15T12:00Z'), clock('2026-01-15T12:00Z')],
        [zone, summer, winter],
      );
    }
  });
});
