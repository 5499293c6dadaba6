import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, test } from '@jest/globals';
import sharp from 'sharp';
import { formatPlace, NO_BREAK_SPACE } from '../../../src/platform/common/places.js';
import { hallOf } from '../../../src/tickets/documents/hall.rules.js';
import { FOLD, PAGE_HEIGHT } from '../../../src/tickets/documents/paper.js';
import { prepare } from '../../../src/tickets/documents/print-text.js';
import { ticketPdf } from '../../../src/tickets/documents/ticket-page.js';
import { buildLayout } from '../../../src/venues/layout.rules.js';
import { outlineOf } from '../../../src/venues/outline.rules.js';
import { plainHall } from '../../support/halls.js';
import { testWith } from '../../support/needing.js';
import { tool } from '../../support/tools.js';

/** Title and name; both are read back from the page by another program. */
const PRINTED = [
  ['東京公演 서울 ไทย हिन्दी 🎭 Ωmega', '李小龍'],
  ['प्रेम की क्षत्रिय श्री कहानी', 'שרה כהן'],
  ['ひらがな カタカナ 骨', 'محمد علي'],
  ['한국어 공연, Ελληνικά, Кириллица, Հայերեն', 'น้ำ ปู่ ก็'],
  ['A’s “big” night – 5 € … ½', '👩‍👩‍👧 Łukasz Øster'],
] as const;

const LONG = [
  'Konzert '.repeat(25),
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2),
  '長'.repeat(200),
  'W'.repeat(200),
];

const { plan } = plainHall(40, 20);
const layout = buildLayout(plan as never, [], []);
const HALL = hallOf(outlineOf(layout)!, layout);
const SPOT = { section: 1, x: layout.seats[500]!.x, y: layout.seats[500]!.y };

describe('a ticket on paper', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evently-paper-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const print = async (title: string, name: string, place = title): Promise<string> => {
    const pdf = await ticketPdf(
      {
        house: 'Playhouse',
        logo: await sharp({ create: { width: 90, height: 30, channels: 3, background: '#803' } })
          .jpeg()
          .toBuffer(),
        title,
        mark: '',
        date: 'Friday, 4 June 2027 at 18:00 CEST until Sunday, 6 June, 23:00',
        visit: 'Doors 17:00 · Age 6 and over',
        venue: [title, `${name} 12, Erfurt`],
        imprint: 'Organizer: Ada · Prices with 7 % VAT',
        terms: 'Show this code at the entrance, on paper or on a screen.',
        sheet: {
          heading: 'Where your place is',
          accent: '#0f6b62',
          hall: HALL,
          picture: null,
          notes: Array.from({ length: 9 }, () => ['Note', title] as const),
        },
      },
      [{ place: ['Seat', place], facts: [['Name', name]], code: 'K7RM-2XQF', spot: SPOT, token: 'x' }],
    );
    const file = join(folder, 'page.pdf');
    writeFileSync(file, pdf);
    return file;
  };
  const squeezed = (text: string): string => text.replace(/[\s\p{Cf}]+/gu, '');

  for (const [title, name] of PRINTED)
    testWith('pdftotext')(`has letters for ${title}, ${name}`, async () => {
      for (const text of [title, name])
        for (const weight of ['text', 'bold'] as const) {
          const { clusters, missing } = await prepare(text, weight);
          assert.deepEqual(missing, []);
          for (const { text: cluster, face } of clusters)
            assert.ok(
              face.font.layout(cluster).glyphs.every(({ id }) => id !== 0),
              cluster,
            );
        }
      const file = await print(title, name);
      // As it is drawn, and as it is read: from right to left, where it is.
      const [raw, read] = [['-raw'], []].map((how) =>
        execFileSync(tool('pdftotext'), [...how, file, '-']).toString(),
      ) as [string, string];
      for (const text of [title, name])
        assert.ok(
          [raw, read].some((found) => squeezed(found).includes(squeezed(text))),
          `${text} is not on the page: ${raw}`,
        );
      // The space of a line from right to left stands between its words.
      if (/\p{Script=Hebrew}|\p{Script=Arabic}/u.test(name)) assert.ok(read.includes(name), read);
    });

  testWith('pdftotext')('breaks no line between "row" and its number', async () => {
    for (const row of ['1', '14', '142', '1428']) {
      const place = formatPlace({ block: 'Block D', row, seat: '11' }, 'en', NO_BREAK_SPACE);
      const file = await print('Final', 'Ada', place);
      const lines = execFileSync(tool('pdftotext'), ['-raw', file, '-']).toString().split('\n');
      const whole = new RegExp(`(^| )row\\s${row},`);
      assert.ok(
        lines.some((line) => whole.test(line)),
        lines.join('\n'),
      );
    }
  });

  testWith('pdftotext')('keeps the longest titles between its margins', async () => {
    for (const title of LONG) {
      const file = await print(title, title);
      const words = execFileSync(tool('pdftotext'), ['-bbox', file, '-']).toString();
      const edges = [...words.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"/g)];
      assert.ok(edges.length > 10);
      for (const [, left, top, right, bottom] of edges) {
        assert.ok(Number(left) >= 47 && Number(right) <= 548.3, `${title}: ${left} to ${right}`);
        assert.ok(Number(bottom) < FOLD || Number(top) > FOLD, `${title}: ${top} to ${bottom}`);
        assert.ok(Number(bottom) < PAGE_HEIGHT - 30, `${title}: ${bottom}`);
      }
    }
  });

  test('shows and names what no font has', async () => {
    const { clusters, missing } = await prepare('A ᠮ B', 'bold');
    assert.deepEqual(missing, ['ᠮ']);
    assert.equal(clusters.map(({ text }) => text).join(''), 'A \ufffd B');
  });
});
