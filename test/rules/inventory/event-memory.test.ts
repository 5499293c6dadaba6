import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { toFeedRows } from '../../../src/inventory/memory/feed.js';
import {
  addRecent,
  changesOf,
  changesSince,
  nothing,
} from '../../../src/inventory/seat-map/seat-changes.rules.js';
import { seatMapOf } from '../../../src/inventory/seat-map/seat-map.rules.js';
import { statesOf } from '../../../src/inventory/seat-map/serialized-states.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import type { Layout } from '../../../src/venues/layout.js';
import { emptyStock, openStock, stockOf } from '../../../src/waitlist/stock.js';
import { feedRow, memoryOf } from '../../support/inventory-memory.js';

const { FREE, HELD, BOOKED, BLOCKED } = SEAT;

/** States as digits, read from the two bits a seat that clients download. */
const unpacked = ({ packed, count }: { packed: Buffer; count: number }) =>
  Array.from({ length: count }, (_, n) => (packed[n >> 2]! >> ((n & 3) * 2)) & 3).join('');
const states = (memory: ReturnType<typeof memoryOf>) =>
  Array.from({ length: memory.count }, (_, n) => memory.state(n)).join('');

describe('the memory of an event', () => {
  test('begins with what was loaded', () => {
    const memory = memoryOf('0123012', {
      deadlines: [
        [1, 5_000, false],
        [5, 6_000, true],
      ],
    });
    assert.deepEqual([memory.seq, memory.count, memory.packed.length], [10, 7, 2]);
    assert.equal(states(memory), '0123012');
    assert.equal(unpacked(memory), '0123012');
    assert.deepEqual(memory.sectionCounts, [
      [1, 1, 1, 1],
      [1, 1, 1, 0],
    ]);
    assert.deepEqual([memory.deadline(1), memory.deadline(5), memory.deadline(0)], [5_000, 6_000, 0]);
    assert.deepEqual([...memory.reservedForWaitlist], [5]);
  });

  test('knows what is open: free, or held with its time over', () => {
    const memory = memoryOf('0123', { deadlines: [[1, 5_000, false]] });
    const open = (now: number) => [0, 1, 2, 3].filter((n) => memory.isOpen(n, now));
    assert.deepEqual(open(4_999), [0]);
    assert.deepEqual(open(5_000), [0, 1]);
    assert.deepEqual(open(9_000), [0, 1]);
  });

  test('takes rows in order, in step with what clients download', () => {
    const memory = memoryOf('00000');
    assert.equal(
      memory.apply([
        feedRow(
          11,
          [
            [0, HELD],
            [3, HELD],
            [4, BLOCKED],
          ],
          { until: 7_000 },
        ),
        feedRow(12, [[3, BOOKED]], { areas: [0, 5, 6, 1, 7, 8] }),
      ]),
      true,
    );
    assert.deepEqual([memory.seq, states(memory), unpacked(memory)], [12, '10023', '10023']);
    assert.deepEqual(memory.sectionCounts, [
      [2, 1, 1, 0],
      [0, 0, 0, 1],
    ]);
    assert.deepEqual([memory.deadline(0), memory.deadline(3), memory.deadline(4)], [7_000, 0, 0]);
    assert.deepEqual(
      memory.areas.map(({ held, booked }) => [held, booked]),
      [
        [5, 6],
        [7, 8],
      ],
    );
    assert.deepEqual(
      memory.recent.map(({ seq }) => seq),
      [11, 12],
    );
    memory.apply([feedRow(13, [[0, HELD]], { until: 9_000 })]);
    assert.deepEqual(
      [memory.deadline(0), memory.sectionCounts[0]],
      [9_000, [2, 1, 1, 0]],
      'an extended hold',
    );
  });

  test('skips rows that it has, and refuses to leave one out', () => {
    const memory = memoryOf('00');
    assert.equal(
      memory.apply([feedRow(9, [[0, BOOKED]]), feedRow(10, [[0, BOOKED]]), feedRow(11, [[1, HELD]])]),
      true,
    );
    assert.deepEqual([memory.seq, states(memory), memory.recent.length], [11, '01', 1]);
    assert.equal(memory.apply([feedRow(12, [[0, HELD]]), feedRow(14, [[1, BOOKED]])]), false);
    assert.deepEqual([memory.seq, states(memory)], [12, '11']);
    assert.equal(memory.apply([]), true);
  });

  test('knows the seats that are held for those who wait, until they change hands', () => {
    const memory = memoryOf('000');
    const seats = [
      [0, HELD],
      [1, HELD],
      [2, HELD],
    ] as const;
    memory.apply([feedRow(11, seats, { until: 7_000, reservedForWaitlist: [1, 2], reservedUntil: 8_000 })]);
    assert.deepEqual([...memory.reservedForWaitlist], [1, 2]);
    assert.deepEqual(
      [0, 1, 2].map((n) => memory.deadline(n)),
      [7_000, 8_000, 8_000],
    );
    memory.apply([feedRow(12, [[1, HELD]], { until: 9_000 }), feedRow(13, [[2, FREE]])]);
    assert.deepEqual([...memory.reservedForWaitlist], []);
    assert.deepEqual(
      [1, 2].map((n) => memory.deadline(n)),
      [9_000, 0],
    );
  });

  test('keeps the newest 512 rows at least, and twice as many at most', () => {
    const memory = memoryOf('0');
    for (let seq = 11; seq <= 1_034; seq++) memory.apply([feedRow(seq)]);
    assert.equal(memory.recent.length, 1_024);
    memory.apply([feedRow(1_035)]);
    assert.deepEqual(
      [memory.recent.length, memory.recent[0]!.seq, memory.recent.at(-1)!.seq],
      [512, 524, 1_035],
    );
  });

  test('reads rows as the SQL functions write them', () => {
    assert.deepEqual(
      toFeedRows([
        [1, [5], [], null, 3],
        [2, [], [0, 1, 2], 7_000, 3, [4], 8_000],
        [3, [], [], 1, 3, [], null],
      ]),
      [
        feedRow(1, [[1, 1]], { priceVersion: 3 }),
        feedRow(2, [], {
          areas: [0, 1, 2],
          until: 7_000,
          priceVersion: 3,
          reservedForWaitlist: [4],
          reservedUntil: 8_000,
        }),
        feedRow(3, [], { until: 1, priceVersion: 3 }),
      ],
    );
  });
});

describe('the changes that a client lacks', () => {
  const changed = () => {
    const memory = memoryOf('00000');
    memory.apply([
      feedRow(11, [[0, HELD]], { until: 1 }),
      feedRow(
        12,
        [
          [4, BLOCKED],
          [1, HELD],
        ],
        { priceVersion: 2 },
      ),
      feedRow(13, [[0, FREE]], { areas: [1, 3, 4], priceVersion: 3 }),
    ]);
    return memory;
  };

  test('name every touched seat once, with its state of now', () => {
    const head = { eventId: 'event', epoch: 'epoch', to: 13, priceVersion: 3 };
    assert.deepEqual(changesSince(changed(), 12), {
      ...head,
      from: 12,
      changes: [[0, FREE]],
      areas: [['Balcony', 3, 4]],
    });
    assert.deepEqual(changesSince(changed(), 10)?.changes, [
      [0, FREE],
      [4, BLOCKED],
      [1, HELD],
    ]);
    assert.deepEqual(changesSince(changed(), 13), { ...head, from: 13, changes: [] });
    const before = memoryOf('00', { priceVersion: 7 });
    assert.deepEqual(changesSince(before, 10), { ...head, from: 10, to: 10, changes: [], priceVersion: 7 });
  });

  test('are not to be had for a place that memory does not reach back to, or has not come to', () => {
    assert.equal(changesSince(changed(), 9), undefined);
    assert.equal(changesSince(changed(), 14), undefined);
    const touched = nothing();
    assert.equal(addRecent(touched, changed(), 9), false);
    assert.deepEqual(touched, nothing());
  });

  test('come together with those that were read from the feed', () => {
    const touched = nothing();
    touched.seats.add(2);
    touched.areas.add(0);
    const memory = changed();
    assert.equal(addRecent(touched, memory, 12), true);
    const { changes, areas, from } = changesOf(memory, 5, touched);
    assert.deepEqual(
      [from, changes],
      [
        5,
        [
          [2, FREE],
          [0, FREE],
        ],
      ],
    );
    assert.deepEqual(areas, [
      ['Floor', 1, 2],
      ['Balcony', 3, 4],
    ]);
  });
});

describe('the whole state', () => {
  test('counts by section and area, and names what has a price', () => {
    assert.deepEqual(statesOf(memoryOf('01230', { areaPrices: [500, null] })), {
      eventId: 'event',
      epoch: 'epoch',
      seq: 10,
      count: 5,
      states: Buffer.from([0b11_10_01_00, 0]).toString('base64'),
      sections: [
        { name: 'West', free: 1, held: 1, booked: 1, blocked: 1 },
        { name: 'East', free: 1, held: 0, booked: 0, blocked: 0 },
      ],
      areas: [
        { area: 'Floor', capacity: 50, held: 1, booked: 2 },
        { area: 'Balcony', capacity: 20, held: 0, booked: 0 },
      ],
      prices: {
        version: 1,
        categories: [
          { category: 'Stalls', price: 2000 },
          { category: 'Box', price: 1000 },
        ],
        areas: [{ area: 'Floor', price: 500 }],
      },
    });
  });

  test('gives the waitlist what is free or kept for it, and everybody what is open', () => {
    const memory = memoryOf('01120', {
      deadlines: [
        [1, 5_000, true],
        [2, 6_000, false],
      ],
    });
    const open = ({ hall }: ReturnType<typeof stockOf>) => [0, 1, 2, 3, 4].filter((n) => hall.isOpen(n));
    const kept = stockOf(memory, []);
    assert.deepEqual(open(kept), [0, 1, 4]);
    assert.deepEqual([...kept.reservedForWaitlist], [[1, 5_000]]);
    assert.deepEqual(open(openStock(memory, 4_000)), [0, 4]);
    assert.deepEqual(open(openStock(memory, 6_000)), [0, 1, 2, 4]);
    assert.deepEqual(open(emptyStock(memory)), [0, 1, 2, 3, 4]);
    const area = { reservedForWaitlist: 0, reservedUntil: 0 };
    assert.deepEqual(openStock(memory, 0).areas, [
      { open: 47, price: 500, ...area },
      { open: 20, price: null, ...area },
    ]);
    assert.deepEqual(emptyStock(memory).areas, [
      { open: 50, price: 500, ...area },
      { open: 20, price: null, ...area },
    ]);
    assert.deepEqual(openStock(memory, 0).reservedForWaitlist.size, 0);
  });
});

test('a plan is drawn from columns, with labels on demand', () => {
  const seat = { guid: 'g', section: 0, category: 1, accessible: false, run: 0 };
  const layout: Layout = {
    name: 'Hall',
    width: 100,
    height: 50,
    sections: ['West'],
    unnamed: 0,
    categories: [{ name: 'Stalls', color: '#123456' }],
    areas: [{ name: 'Floor', capacity: 9 }],
    shapes: [],
    seats: [
      { ...seat, n: 0, label: 'A-1', row: 'A', number: '1', x: 1, y: 2 },
      { ...seat, n: 1, label: 'A-2', row: 'A', number: '2', x: 3, y: 4, accessible: true },
    ],
  };
  const { seats, ...drawn } = layout;
  const columns = {
    x: [1, 3],
    y: [2, 4],
    row: ['A', 'A'],
    number: ['1', '2'],
    section: [0, 0],
    category: [1, 1],
  };
  assert.deepEqual(seatMapOf('plan', layout, false), {
    ...drawn,
    planId: 'plan',
    count: seats.length,
    seats: columns,
    accessible: [1],
  });
  assert.deepEqual(seatMapOf('plan', layout, true).seats, { ...columns, label: ['A-1', 'A-2'] });
});
