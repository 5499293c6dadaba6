import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from '@jest/globals';
import { migrate } from '../../../src/platform/database/migrate.js';
import { startApp } from '../../support/app.js';
import { asAdmin } from '../../support/database.js';
import { openSale, plainHall } from '../../support/halls.js';
import { note } from '../../support/note.js';

/** As servers are made: the embedded one, most images, and one whose rules for case are the oddest there are. */
const LOCALES = {
  C: `LOCALE 'C'`,
  'C.UTF-8': `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'`,
  'ICU, Turkish': `LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'`,
  'ICU, German': `LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C'`,
};

const TITLES = [
  '„Faust“ in zwei Teilen',
  'L’Été à Łódź',
  'Straßenfest STRASSE',
  'İstanbul ISPARTA ıhlamur',
  'AC/DC und Node.js',
  '東京公演 ひらがな',
  'งานดนตรี กรุงเทพ',
  'ΟΔΥΣΣΕΥΣ, Οδυσσεύς',
  'Ärger Ölpest Übermut',
  'ﬁnale ＷＩＤＥ',
  'Жизель и ЁЛКА',
];
const SEARCHES = [
  ...[
    'faust',
    'zwei teilen',
    "l'ete",
    'lodz',
    'strasse',
    'straße',
    'istanbul',
    'İSTANBUL',
    'ISPARTA',
    'ısparta',
  ],
  ...[
    'ıhlamur',
    'acdc',
    'ac/dc',
    'node.js',
    '東京',
    '公演',
    'ดนตรี',
    'οδυσσευσ',
    'οδυσσεύς',
    'arger',
    'ÄRGER',
  ],
  ...['finale', 'wide', 'ＷＩＤＥ', 'жизель', 'ЁЛКА', 'елка', 'UBERMUT'],
];

describe('search on servers of any locale', () => {
  test('finds the same', async () => {
    const found: Record<string, unknown> = {};
    for (const [name, locale] of Object.entries(LOCALES)) {
      const url = new URL(process.env.DATABASE_URL ?? '');
      url.pathname = `/locale_${randomBytes(6).toString('hex')}`;
      const database = url.pathname.slice(1);
      await asAdmin(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8' ${locale}`);
      try {
        await migrate(url.href);
        const app = await startApp({ database: { url: url.href } });
        try {
          found[name] = await answers(app);
        } finally {
          await app.close();
        }
      } finally {
        await asAdmin(`DROP DATABASE ${database} WITH (FORCE)`);
      }
    }
    const { C, ...others } = found as Record<string, Awaited<ReturnType<typeof answers>>>;
    // Each title is found by something, and nothing finds all: the comparison is not of empty lists.
    const hits = Object.values(C!.searches);
    assert.deepEqual(new Set(hits.flat()), new Set(TITLES));
    assert.ok(hits.every(({ length }) => length < TITLES.length));
    assert.deepEqual(new Set(C!.byTitle), new Set(TITLES));
    for (const [name, other] of Object.entries(others)) assert.deepEqual(other, C, name);
    note(`${SEARCHES.length} searches on ${Object.keys(found).length} databases`);
  });
});

async function answers(app: Awaited<ReturnType<typeof startApp>>) {
  const { organizer, event } = await openSale(app, plainHall(1, 1));
  const { venueId, planId, startsAt, endsAt } = event;
  for (const title of TITLES) {
    const draft = { venueId, planId, startsAt, endsAt, title, category: 'Locale', currency: 'EUR' };
    const { status, body } = await organizer.client.post('/events', draft);
    assert.equal(status, 201, JSON.stringify(body));
  }
  const list = async (query: Record<string, string>): Promise<string[]> => {
    const { status, body } = await organizer.client.get(
      `/events?${new URLSearchParams({ mine: 'true', category: 'LOCALE', ...query })}`,
    );
    assert.equal(status, 200, JSON.stringify(body));
    return body.data.map(({ title }: { title: string }) => title);
  };
  const searches: Record<string, string[]> = {};
  for (const q of SEARCHES) searches[q] = await list({ q });
  return { searches, byTitle: await list({ sort: 'title' }) };
}
