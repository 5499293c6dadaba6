import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import bidiModule from 'bidi-js';
import fc from 'fast-check';
import { seatMapOf } from '../../../src/inventory/seat-map/seat-map.rules.js';
import { LOCALES } from '../../../src/platform/common/locale.js';
import { formatPlace, seatParts } from '../../../src/platform/common/places.js';
import { prepare } from '../../../src/tickets/documents/print-text.js';
import { buildLayout } from '../../../src/venues/layout.rules.js';
import type { Json } from '../../support/client.js';
import { realHall } from '../../support/halls.js';

const bidi = (bidiModule as unknown as typeof bidiModule.default)();

describe('the name of a place', () => {
  test('has block, row and seat in the language of its reader, and leaves out what there is not', () => {
    const both = (block: string | null, row: string | null, seat: string | null) =>
      LOCALES.map((locale) => formatPlace({ block, row, seat }, locale));
    assert.deepEqual(both('Block E', '10', '7'), ['Block E, row 10, seat 7', 'Block E, Reihe 10, Platz 7']);
    assert.deepEqual(both('Block E', null, '7'), ['Block E, seat 7', 'Block E, Platz 7']);
    assert.deepEqual(both('Block E', '10', null), ['Block E, row 10', 'Block E, Reihe 10']);
    assert.deepEqual(both(null, '10', '7'), ['Row 10, seat 7', 'Reihe 10, Platz 7']);
    assert.deepEqual(both(null, null, '7'), ['Seat 7', 'Platz 7']);
    assert.deepEqual(both('Stehplatz', null, null), ['Stehplatz', 'Stehplatz']);
  });

  test('begins with the name of the zone as it stands; the one that has none is left out where a seat has another', () => {
    const zones = { sections: ['Block E', 'Zone 2'], unnamed: 1 };
    assert.deepEqual(seatParts(zones, 0, ' 10 ', '7'), { block: 'Block E', row: '10', seat: '7' });
    assert.deepEqual(seatParts(zones, 1, '10', '7'), { block: null, row: '10', seat: '7' });
    assert.deepEqual(seatParts(zones, 1, ' ', '7'), { block: null, row: null, seat: '7' });
    assert.deepEqual(seatParts(zones, 1, '', ' '), { block: 'Zone 2', row: null, seat: null });
    assert.deepEqual(seatParts({ sections: ['Zone 1'] }, 0, '1', '2').block, 'Zone 1');
  });

  test('is the same for the server, from a layout, and for pages, from the map: all seats of a hall, a zone without a name', () => {
    const { plan } = realHall();
    const named = plan.zones.map(({ name }: Json) => name);
    plan.zones[0].name = null;
    const layout = buildLayout(plan, [], []);
    const map = seatMapOf('plan', layout, false);
    const { section, row, number } = map.seats;
    assert.equal(layout.seats.length, 1252);
    const blocks = new Set<string | null>();
    for (const seat of layout.seats) {
      const { n } = seat;
      const told = seatParts(layout, seat.section, seat.row, seat.number);
      const shown = seatParts(map, section[n]!, row[n]!, number[n]!);
      for (const locale of LOCALES) assert.equal(formatPlace(shown, locale), formatPlace(told, locale));
      blocks.add(told.block);
    }
    assert.deepEqual([...blocks], [null, ...named.slice(1)]);
  });

  test('holds each part in full, however long, and is never empty', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
      .filter((text) => text.trim() !== '');
    const part = fc.oneof(fc.constant(''), name);
    fc.assert(
      fc.property(
        name,
        part,
        part,
        fc.boolean(),
        fc.constantFrom(...LOCALES),
        (zone, row, seat, isNamed, locale) => {
          const parts = seatParts({ sections: [zone], ...(!isNamed && { unnamed: 0 }) }, 0, row, seat);
          const text = formatPlace(parts, locale);
          assert.notEqual(text, '');
          for (const held of Object.values(parts)) if (held !== null) assert.ok(text.includes(held), text);
        },
      ),
    );
  });

  test('keeps parts that are read from right to left apart: a word stands between any two numbers', async () => {
    for (const locale of LOCALES) {
      const text = formatPlace({ block: 'גוש 3', row: 'א12', seat: '7' }, locale);
      const levels = bidi.getEmbeddingLevels(text, 'ltr');
      const shown = bidi.getReorderedString(text, levels);
      const [row, seat] = locale === 'en' ? ['row', 'seat'] : ['Reihe', 'Platz'];
      assert.equal(shown, `3 שוג, ${row} 12א, ${seat} 7`);
      assert.deepEqual((await prepare(text, 'bold')).missing, []);
    }
  });
});
