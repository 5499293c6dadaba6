import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { describe, test } from '@jest/globals';
import {
  COUNTED,
  DEFINITIONS,
  define,
  definitionsTable,
  MONEY,
  PLACED,
  WAITED,
} from '../../../src/analytics/definitions.rules.js';
import { before, daysOf, isClosed } from '../../../src/analytics/period.rules.js';
import { toCsv } from '../../../src/analytics/report.js';
import { SALE_FACTS, saleOf } from '../../../src/analytics/sale.rules.js';
import { pointsOf } from '../../../src/analytics/series.rules.js';
import type { AnyFact } from '../../../src/platform/facts/fact-map.js';

describe('the definitions of numbers', () => {
  test('are in docs/ANALYTICS.md, each number once', () => {
    const table = `\n\n${definitionsTable()}\n`;
    assert.ok(readFileSync('docs/ANALYTICS.md', 'utf8').includes(table), table);
    const texts = Object.values(DEFINITIONS);
    assert.ok(texts.every((text) => text.endsWith('.')));
    assert.equal(new Set<string>(texts).size, texts.length);
  });

  test('come with the numbers that they are asked for', () => {
    assert.deepEqual(define(['holds', 'net']), { holds: DEFINITIONS.holds, net: DEFINITIONS.net });
    const groups = [COUNTED, MONEY, WAITED, PLACED].map((names) => Object.entries(define(names)));
    assert.deepEqual(
      groups.map(({ length }) => length),
      [12, 3, 9, 5],
    );
    for (const [name, text] of groups.flat()) assert.ok(text, name);
  });
});

describe('a period', () => {
  test('has whole days, both ends included', () => {
    assert.equal(daysOf({ from: '2027-03-01', to: '2027-03-01' }), 1);
    assert.equal(daysOf({ from: '2027-03-01', to: '2027-03-31' }), 31);
    assert.equal(daysOf({ from: '2027-03-02', to: '2027-03-01' }), 0);
    assert.deepEqual(
      [{}, { from: '2027-03-01' }, { to: '2027-03-01' }, { from: '2027-03-01', to: '2027-03-01' }].map(
        isClosed,
      ),
      [false, false, false, true],
    );
  });

  test('follows one of the same length', () => {
    assert.deepEqual(before({ from: '2027-03-01', to: '2027-03-31' }), {
      from: '2027-01-29',
      to: '2027-02-28',
    });
    assert.deepEqual(before({ from: '2027-03-01', to: '2027-03-01' }), {
      from: '2027-02-28',
      to: '2027-02-28',
    });
    assert.equal(before({ from: '2027-03-01' }), undefined);
    assert.equal(before({ to: '2027-03-01' }), undefined);
  });
});

describe('a series', () => {
  const row = (at: string, currency: string, gross: number, refunded: number, count: number) => ({
    at,
    local: `${at} local`,
    currency,
    gross,
    refunded,
    holds: count,
    orders: count + 1,
    tickets: count + 2,
    returned: count + 3,
  });
  const none = { holds: 0, orders: 0, tickets: 0, returned: 0, revenue: [] };

  test('has one point for each time, with the money of each currency', () => {
    assert.deepEqual(
      pointsOf([
        row('10:00', 'EUR', 500, 100, 1),
        row('10:00', 'USD', 70, 90, 10),
        row('11:00', 'EUR', 1, 0, 0),
      ]),
      [
        {
          at: '10:00',
          local: '10:00 local',
          holds: 11,
          orders: 13,
          tickets: 15,
          returned: 17,
          revenue: [
            { currency: 'EUR', gross: 500, refunded: 100, net: 400 },
            { currency: 'USD', gross: 70, refunded: 90, net: -20 },
          ],
        },
        {
          at: '11:00',
          local: '11:00 local',
          holds: 0,
          orders: 1,
          tickets: 2,
          returned: 3,
          revenue: [{ currency: 'EUR', gross: 1, refunded: 0, net: 1 }],
        },
      ],
    );
    assert.deepEqual(pointsOf([]), []);
  });

  test('has every day of its period', () => {
    const days = { from: '2027-02-27', to: '2027-03-01' };
    const points = pointsOf([row('2027-02-28', 'EUR', 5, 0, 1)], days);
    assert.deepEqual(
      points.map(({ at, local, orders }) => [at, local, orders]),
      [
        ['2027-02-27', '2027-02-27', 0],
        ['2027-02-28', '2027-02-28', 2],
        ['2027-03-01', '2027-03-01', 0],
      ],
    );
    assert.deepEqual(points[0], { at: '2027-02-27', local: '2027-02-27', ...none });
  });
});

describe('a sale', () => {
  const HELD_AT = new Date('2027-03-01T10:00:00Z');
  const LATER = new Date('2027-03-02T10:00:00Z');
  const held = [
    ['i1', 1, null, 100],
    ['i2', 2, null, 100],
  ];
  const fact = (type: string, data: object = {}) =>
    ({ type, data, occurredAt: type === 'booking.held' ? HELD_AT : LATER }) as AnyFact;
  const sale = (...facts: AnyFact[]) => saleOf([fact('booking.held', { items: held }), ...facts]);

  test('is open from the hold on', () => {
    assert.deepEqual(sale(), { heldAt: HELD_AT, outcome: 'open', items: held, returns: [] });
    assert.equal(sale(fact('booking.paying'))?.outcome, 'open');
    assert.equal(saleOf([]), undefined);
    assert.equal(saleOf([fact('booking.confirmed')]), undefined);
  });

  test('ends as its booking does', () => {
    assert.equal(sale(fact('booking.confirmed'))?.outcome, 'sold');
    assert.equal(sale(fact('booking.released'))?.outcome, 'released');
    assert.equal(sale(fact('booking.expired'))?.outcome, 'expired');
    assert.equal(sale(fact('booking.expired'), fact('booking.restored'))?.outcome, 'sold');
    assert.equal(sale(fact('booking.confirmed'), fact('booking.cancelled'))?.outcome, 'uncaptured');
    const added = [['i9', 9, null, 100]];
    const replaced = sale(fact('booking.expired'), fact('booking.replaced', { items: ['i2'], added }));
    assert.deepEqual(
      [replaced?.outcome, replaced?.items, replaced?.heldAt],
      ['sold', [held[1], added[0]], HELD_AT],
    );
  });

  test('stays sold when tickets come back', () => {
    const returned = sale(
      fact('booking.confirmed'),
      fact('booking.cancelled', { items: ['i1'] }),
      fact('booking.cancelled', { items: ['i2'] }),
    );
    assert.deepEqual([returned?.outcome, returned?.items], ['sold', held]);
    assert.deepEqual(returned?.returns, [
      { at: LATER, items: ['i1'] },
      { at: LATER, items: ['i2'] },
    ]);
  });

  test('is changed by the facts that are read for it', () => {
    assert.deepEqual(
      SALE_FACTS.map((type) => type.replace('booking.', '')),
      ['held', 'confirmed', 'restored', 'replaced', 'released', 'expired', 'cancelled'],
    );
    assert.ok(SALE_FACTS.every((type) => type.startsWith('booking.')));
  });
});

describe('reports', () => {
  test('are written for spreadsheets: no cell begins a formula, and numbers stay numbers', async () => {
    const written = {
      '=1+1': "'=1+1",
      '+1': "'+1",
      '-1': "'-1",
      '@SUM(1)': "'@SUM(1)",
      '＝1': "'＝1",
      '＋1': "'＋1",
      '－1': "'－1",
      '＠1': "'＠1",
      '\t=1': "'\t=1",
      '\r=1': `"'\r=1"`,
      '\n=1': `"'\n=1"`,
      'Käthe, "live"': '"Käthe, ""live"""',
      '1+1': '1+1',
    };
    const rows = Object.keys(written).map((title) => [title, -5] as const);
    const csv = (
      await buffer(toCsv({ name: 'report', body: null, columns: ['title', 'net'], rows }))
    ).toString();
    const lines = Object.values(written).map((cell) => `${cell},-5\r\n`);
    assert.equal(csv, `\ufefftitle,net\r\n${lines.join('')}`);
  });
});
