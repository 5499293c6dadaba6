import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { formatEventTimes, formatShortTimes } from '../../../src/platform/common/event-times.js';

/** Start, end, zone, then what is said: long in English and German, short in English. */
const SAID = [
  [
    '2027-06-04T16:00:00Z',
    '2027-06-04T21:00:00Z',
    'Europe/Berlin',
    'Friday, 4 June 2027 at 18:00 CEST until 23:00',
    'Freitag, 4. Juni 2027 um 18:00 MESZ bis 23:00',
    'Fri 4 Jun, 18:00',
  ],
  [
    '2027-06-04T16:00:00Z',
    '2027-06-06T21:00:00Z',
    'Europe/Berlin',
    'Friday, 4 June 2027 at 18:00 CEST until Sunday, 6 June, 23:00',
    'Freitag, 4. Juni 2027 um 18:00 MESZ bis Sonntag, 6. Juni, 23:00',
    'Fri 4 Jun, 18:00 – Sun 6 Jun',
  ],
  // A night, its last minute, and what is a second day.
  [
    '2027-06-04T20:00:00Z',
    '2027-06-05T09:59:00Z',
    'Europe/Berlin',
    'Friday, 4 June 2027 at 22:00 CEST until 11:59',
    'Freitag, 4. Juni 2027 um 22:00 MESZ bis 11:59',
    'Fri 4 Jun, 22:00',
  ],
  [
    '2027-06-04T20:00:00Z',
    '2027-06-05T10:00:00Z',
    'Europe/Berlin',
    'Friday, 4 June 2027 at 22:00 CEST until Saturday, 5 June, 12:00',
    'Freitag, 4. Juni 2027 um 22:00 MESZ bis Samstag, 5. Juni, 12:00',
    'Fri 4 Jun, 22:00 – Sat 5 Jun',
  ],
  // Two nights are not one, whatever the hour.
  [
    '2027-06-04T20:00:00Z',
    '2027-06-06T00:30:00Z',
    'Europe/Berlin',
    'Friday, 4 June 2027 at 22:00 CEST until Sunday, 6 June, 02:30',
    'Freitag, 4. Juni 2027 um 22:00 MESZ bis Sonntag, 6. Juni, 02:30',
    'Fri 4 Jun, 22:00 – Sun 6 Jun',
  ],
  // The same day there, another one in Europe; the zone is said once.
  [
    '2027-06-04T19:00:00Z',
    '2027-06-05T03:30:00Z',
    'America/Los_Angeles',
    'Friday, 4 June 2027 at 12:00 GMT-7 until 20:30',
    'Freitag, 4. Juni 2027 um 12:00 GMT-7 bis 20:30',
    'Fri 4 Jun, 12:00',
  ],
  // The clocks change in between.
  [
    '2027-10-30T21:30:00Z',
    '2027-10-31T01:30:00Z',
    'Europe/Berlin',
    'Saturday, 30 October 2027 at 23:30 CEST until 02:30 CET',
    'Samstag, 30. Oktober 2027 um 23:30 MESZ bis 02:30 MEZ',
    'Sat 30 Oct, 23:30',
  ],
  [
    '2027-12-31T19:00:00Z',
    '2028-01-01T17:00:00Z',
    'Europe/Berlin',
    'Friday, 31 December 2027 at 20:00 CET until Saturday, 1 January 2028, 18:00',
    'Freitag, 31. Dezember 2027 um 20:00 MEZ bis Samstag, 1. Januar 2028, 18:00',
    'Fri 31 Dec, 20:00 – Sat 1 Jan',
  ],
] as const;

describe('times of events', () => {
  for (const [startsAt, endsAt, timezone, en, de, short] of SAID)
    test(`say ${en}`, () => {
      const times = { startsAt: new Date(startsAt), endsAt: new Date(endsAt), timezone };
      assert.equal(formatEventTimes(times, 'en'), en);
      assert.equal(formatEventTimes(times, 'de'), de);
      assert.equal(formatShortTimes(times, 'en'), short);
    });
});
