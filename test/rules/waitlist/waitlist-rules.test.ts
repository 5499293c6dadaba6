import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import type { Stock } from '../../../src/waitlist/stock.js';
import {
  hasEnough,
  isEmpty,
  type Plan,
  Planner,
  type WaitingEntry,
} from '../../../src/waitlist/waitlist.rules.js';

const MINUTE = 60_000;
const POLICY = { bypasses: 3 };
const COLLECT = 10 * MINUTE;

const entry = (id: string, wish: Partial<WaitingEntry> = {}): WaitingEntry => ({
  id,
  quantity: 1,
  minQuantity: wish.quantity ?? 1,
  together: false,
  accessible: false,
  categories: null,
  areas: null,
  maxPrice: null,
  bypassed: 0,
  ...wish,
});

/** One row of seats: `k` kept, `f` free, anything else taken. Upper case: accessible. */
function row(seats: string, places: Partial<Stock['areas'][number]>[] = [], until = MINUTE): Stock {
  const cells = [...seats.toLowerCase()];
  return {
    hall: {
      count: cells.length,
      category: Uint8Array.from(cells, (_, n) => (n < 10 ? 0 : 1)),
      run: new Int32Array(cells.length),
      accessible: Uint8Array.from(seats, (c) => (c === c.toLowerCase() ? 0 : 1)),
      prices: [2000, 1000],
      isOpen: (n) => 'kf'.includes(cells[n]!),
    },
    reservedForWaitlist: new Map(cells.flatMap((c, n) => (c === 'k' ? [[n, until]] : []))),
    areas: places.map((place) => ({
      open: 0,
      reservedForWaitlist: 0,
      reservedUntil: until,
      price: 500,
      ...place,
    })),
  };
}

function served(
  stock: Stock,
  entries: WaitingEntry[],
  collector: [string, number] | null = null,
  now = 0,
): Planner {
  const planner = new Planner(stock, collector && { id: collector[0], until: collector[1] }, POLICY, now);
  for (const one of entries) planner.serve(one);
  return planner;
}
const plan = (...args: Parameters<typeof served>): Plan => served(...args).finish();
const offers = ({ offers }: Plan) =>
  offers.map(({ entry, seats, area, quantity }) => [entry, area ?? seats, quantity]);

describe('the plan for a line', () => {
  test('serves in order, as many as there are, at least the smallest number', () => {
    assert.deepEqual(offers(plan(row('.k.k.k'), [entry('a', { quantity: 4, minQuantity: 2 }), entry('b')])), [
      ['a', [1, 3, 5], 3],
    ]);
    const short = plan(row('.k....'), [entry('a', { quantity: 2 }), entry('b'), entry('c')]);
    assert.deepEqual(offers(short), [['b', [1], 1]]);
    assert.deepEqual(short.offers[0]!.bypassed, ['a']);
  });

  test('uses free seats beside kept ones, and puts back what nobody can use', () => {
    const both = plan(row('fk..k'), [entry('a', { quantity: 2, together: true })]);
    assert.deepEqual([offers(both), both.free, both.bypassed], [[['a', [0, 1], 2]], [4], []]);
    const none = plan(row('f.k'), [
      entry('a', { quantity: 2, together: true }),
      entry('b', { categories: [1] }),
    ]);
    assert.deepEqual([none.offers, none.free, none.bypassed], [[], [2], ['a']]);
  });

  test('heeds categories, prices, accessible seats and areas', () => {
    const seats = 'k.........kK';
    const line = [
      entry('wheelchair', { accessible: true }),
      entry('cheap', { maxPrice: 1500 }),
      entry('front', { categories: [0] }),
      entry('back', { categories: [1] }),
    ];
    assert.deepEqual(offers(plan(row(seats), line)), [
      ['wheelchair', [11], 1],
      ['cheap', [10], 1],
      ['front', [0], 1],
    ]);
    const places = [
      { open: 5, reservedForWaitlist: 3 },
      { open: 2, price: null },
    ];
    const floor = plan(row('.', places), [
      entry('seats', { categories: [0], areas: [] }),
      entry('unpriced', { categories: [], areas: [1] }),
      entry('four', { quantity: 4, categories: [], areas: [0, 1] }),
    ]);
    assert.deepEqual([offers(floor), floor.areas, floor.bypassed], [[['four', 0, 4]], [], []]);
    const left = plan(row('.', places), [entry('six', { quantity: 6 })]);
    assert.deepEqual([left.areas, left.bypassed], [[[0, 0, 3]], ['six']]);
  });

  test('collects for whoever was passed by three times, until the time is over', () => {
    const pair = (bypassed: number) => entry('pair', { quantity: 2, bypassed });
    const twice = plan(row('k'), [pair(2), entry('single')]);
    assert.deepEqual([offers(twice), twice.collect], [[['single', [0], 1]], null]);
    const begun = plan(row('k'), [pair(3), entry('single')]);
    assert.deepEqual([begun.offers, begun.free, begun.bypassed, begun.collect], [[], [], [], 'pair']);
    const other = plan(row('k'), [pair(3), entry('next', { quantity: 3, bypassed: 9 })]);
    assert.equal(other.collect, 'pair', 'for one at a time');
    const early = plan(row('kf'), [pair(3), entry('single')], ['pair', COLLECT], MINUTE / 4);
    assert.deepEqual(offers(early), [['pair', [0, 1], 2]]);
    const waits = plan(
      row('k..k', [{ open: 1, reservedForWaitlist: 1 }]),
      [entry('three', { quantity: 3, bypassed: 3 }), entry('single')],
      ['three', COLLECT],
      MINUTE - 1,
    );
    assert.deepEqual([waits.offers, waits.keep, waits.areas, waits.free], [[], [0, 3], [[0, 1, 0]], []]);
    const over = plan(row('k'), [pair(7), entry('single')], ['pair', COLLECT], COLLECT);
    assert.deepEqual([offers(over), over.restart, over.collect], [[['single', [0], 1]], true, null]);
  });

  test('leaves to others, also while collecting, what the collector has no use for', () => {
    const stock = row('k.........k');
    const collecting = plan(
      stock,
      [entry('front', { quantity: 2, categories: [0] }), entry('any'), entry('back', { categories: [1] })],
      ['front', COLLECT],
    );
    assert.deepEqual(offers(collecting), [['any', [10], 1]]);
    const earlier = plan(
      stock,
      [entry('earlier'), entry('front', { quantity: 2, categories: [0] })],
      ['front', COLLECT],
    );
    assert.deepEqual(offers(earlier), [['earlier', [0], 1]]);
  });
});

describe('places of an area', () => {
  const floor = (open: number, reservedForWaitlist = open) => row('.', [{ open, reservedForWaitlist }]);

  test('are offered down to the last, each once, and without seats', () => {
    const { offers: made, areas } = plan(floor(3), [
      entry('two', { quantity: 2 }),
      entry('next', { quantity: 2 }),
      entry('one'),
    ]);
    assert.deepEqual(made, [
      { entry: 'two', quantity: 2, seats: [], area: 0, bypassed: [] },
      { entry: 'one', quantity: 1, seats: [], area: 0, bypassed: ['next'] },
    ]);
    assert.deepEqual(areas, []);
  });

  test('that go back on sale pass by only those who could use them', () => {
    const stock = row('.', [
      { open: 1, reservedForWaitlist: 1 },
      { open: 1, reservedForWaitlist: 0 },
    ]);
    const { bypassed, areas } = plan(stock, [
      entry('both', { quantity: 2 }),
      entry('kept', { quantity: 2, areas: [0] }),
      entry('free', { quantity: 2, areas: [1] }),
    ]);
    assert.deepEqual([areas, bypassed], [[[0, 0, 1]], ['both', 'kept']]);
  });
});

describe('whoever is passed by', () => {
  const pair = (id: string, wish: Partial<WaitingEntry> = {}) => entry(id, { quantity: 2, ...wish });

  test('is so where the seat would have been good for it', () => {
    const wheelchairs = pair('wheelchairs', { accessible: true });
    assert.deepEqual(plan(row('k'), [wheelchairs]).bypassed, []);
    assert.deepEqual(plan(row('K'), [wheelchairs]).bypassed, ['wheelchairs']);
    assert.deepEqual(plan(row('k'), [pair('cheap', { maxPrice: 1999 })]).bypassed, []);
  });

  test('is counted with each offer and what goes back on sale, as often as it matters', () => {
    const apart = (bypassed: number) =>
      plan(row('k.k.k'), [pair('pair', { together: true, bypassed }), entry('a'), entry('b')]);
    const counted = ({ offers: made, bypassed }: Plan) => [...made, { bypassed }].map((one) => one.bypassed);
    assert.deepEqual(counted(apart(0)), [['pair'], ['pair'], ['pair']]);
    assert.deepEqual(counted(apart(1)), [['pair'], ['pair'], []]);
    assert.deepEqual(counted(apart(2)), [['pair'], [], []]);
  });

  test('is not counted any more while seats are collected for somebody before it', () => {
    const { offers: made, collect } = plan(row('k.........k'), [
      pair('front', { categories: [0], bypassed: 3 }),
      pair('back', { categories: [1], bypassed: 3 }),
      entry('single'),
    ]);
    assert.deepEqual(made, [{ entry: 'single', quantity: 1, seats: [10], area: null, bypassed: [] }]);
    assert.equal(collect, 'front');
  });

  test('is nobody whose smallest number the event does not allow any more', () => {
    const {
      offers: made,
      bypassed,
      collect,
    } = plan(row('k'), [
      entry('three', { quantity: 2, minQuantity: 3, bypassed: 2 }),
      entry('four', { quantity: 2, minQuantity: 4, bypassed: 3 }),
    ]);
    assert.deepEqual([made, bypassed, collect], [[], [], null]);
  });
});

describe('kept seats', () => {
  const front = entry('front', { quantity: 2, categories: [0] });
  const back = entry('back', { quantity: 2, categories: [1], bypassed: 3 });

  test('are collected for one entry only; the others go back on sale', () => {
    const { keep, free, bypassed } = plan(row('k.........k'), [front, back], ['front', COLLECT], MINUTE - 1);
    assert.deepEqual([keep, free, bypassed], [[0], [10], []]);
  });

  test('and places are kept for another minute when less than half of theirs is left', () => {
    const kept = (left: number) => {
      const stock = row('k', [{ open: 1, reservedForWaitlist: 1 }], MINUTE);
      const three = entry('three', { quantity: 3 });
      const { keep, areas } = plan(stock, [three], ['three', COLLECT], MINUTE - left);
      return [keep, areas];
    };
    assert.deepEqual(kept(MINUTE / 2 - 1), [[0], [[0, 1, 0]]]);
    assert.deepEqual(kept(MINUTE / 2), [[], []]);
  });
});

describe('the rest of the line need not be asked', () => {
  const places = (...open: number[]) => open.map((n) => ({ open: n, reservedForWaitlist: n }));

  test('when no seat and no place is left', () => {
    assert.equal(served(row('.'), []).exhausted, true);
    assert.equal(served(row('.k'), []).exhausted, false);
    assert.equal(served(row('.k'), [entry('a')]).exhausted, true);
    assert.equal(served(row('.', places(0, 0)), []).exhausted, true);
    assert.equal(served(row('.', places(0, 2)), []).exhausted, false);
    assert.equal(served(row('.', places(0, 2)), [entry('a')]).exhausted, false);
    assert.equal(served(row('.', places(0, 2)), [entry('a', { quantity: 2 })]).exhausted, true);
  });

  test('when all that is left is collected for one entry', () => {
    const pair = entry('pair', { quantity: 2, bypassed: 3, categories: [0], areas: [] });
    assert.equal(served(row('k'), [pair]).exhausted, true);
    assert.equal(served(row('k', places(1)), [pair]).exhausted, false);
  });
});

describe('a plan', () => {
  const nothing = plan(row('.'), []);

  test('is empty when it changes nothing', () => {
    assert.equal(isEmpty(nothing), true);
    const changes: Partial<Plan>[] = [
      { offers: plan(row('k'), [entry('a')]).offers },
      { restart: true },
      { collect: 'a' },
      { bypassed: ['a'] },
      { keep: [0] },
      { free: [0] },
      { areas: [[0, 1, 0]] },
    ];
    for (const change of changes)
      assert.equal(isEmpty({ ...nothing, ...change }), false, Object.keys(change)[0]);
  });
});

describe('there is enough for a wish', () => {
  test('when its smallest acceptable number can be had', () => {
    const wish = (minQuantity: number) => entry('', { quantity: 4, minQuantity, together: true });
    assert.equal(hasEnough(row('kf.f'), wish(2)), true);
    assert.equal(hasEnough(row('kf.f'), wish(3)), false);
    assert.equal(hasEnough(row('.', [{ open: 2 }]), wish(2)), true);
    assert.equal(hasEnough(row('.', [{ open: 2 }]), wish(3)), false);
  });
});

/**
 * Seats come back one at a time, one a minute, into a hall where everything else is sold; small groups join for ever.
 * Returns who was offered what, and when.
 */
function simulate(
  minutes: number,
  start: WaitingEntry[],
  joins: (minute: number) => WaitingEntry[],
  gap = 1,
) {
  const served = new Map<string, { minute: number; quantity: number }>();
  const joined = new Map(start.map(({ id }) => [id, 0]));
  let line = [...start];
  let open: string[] = [];
  let collector: [string, number] | null = null;
  for (let minute = 0; minute < minutes; minute++) {
    for (const one of joins(minute)) {
      line.push(one);
      joined.set(one.id, minute);
    }
    if (minute % gap === 0) open.push('k');
    // A plan is carried out until nothing is left to do, as the matcher does.
    for (let again = true; again; ) {
      const step = plan(row(open.join('')), line, collector, minute * MINUTE);
      const bypass = [...step.offers.flatMap(({ bypassed }) => bypassed), ...step.bypassed];
      if (step.restart) collector = null;
      line = line.map((one) => ({
        ...one,
        bypassed: (step.restart ? 0 : one.bypassed) + bypass.filter((id) => id === one.id).length,
      }));
      for (const { entry: id, quantity, seats } of step.offers) {
        served.set(id, { minute, quantity });
        line = line.filter((one) => one.id !== id);
        if (collector?.[0] === id) collector = null;
        for (const n of seats) open[n] = '.';
      }
      if (step.collect) collector = [step.collect, minute * MINUTE + COLLECT];
      // Strangers take at once what goes back on sale.
      for (const n of step.free) open[n] = '.';
      again = step.offers.length > 0 || step.restart || step.free.length > 0;
    }
    open = open.filter((cell) => cell !== '.');
  }
  return { served, joined, line };
}

describe('nobody starves', () => {
  const singles = (minute: number) => [entry(`single ${minute}`)];

  test('a large group is served though smaller ones join behind it for ever', () => {
    const { served } = simulate(60, [entry('six', { quantity: 6 })], singles);
    assert.deepEqual(
      served.get('six'),
      { minute: 8, quantity: 6 },
      'three bypasses, then six seats collected',
    );
  });

  test('also when only strangers want the seats', () => {
    const { served } = simulate(60, [entry('six', { quantity: 6 })], () => []);
    assert.deepEqual(served.get('six'), { minute: 8, quantity: 6 });
  });

  test('small ones wait no longer than one window for a group that cannot be served', () => {
    const { served, joined } = simulate(200, [entry('giant', { quantity: 60 })], (minute) =>
      minute % 4 === 0 ? [entry(`single ${minute}`)] : [],
    );
    assert.ok(!served.has('giant'));
    const waits = [...served].map(([id, { minute }]) => minute - joined.get(id)!);
    assert.ok(waits.length >= 47, `all but the last few: ${waits.length} of 50`);
    assert.ok(Math.max(...waits) <= COLLECT / MINUTE, `${Math.max(...waits)} minutes`);
  });

  test('many large groups are served one after another, with offers to small ones between them', () => {
    const groups = Array.from({ length: 5 }, (_, i) => entry(`group ${i}`, { quantity: 5 }));
    const { served } = simulate(200, groups, singles);
    const minutes = groups.map(({ id }) => served.get(id)!.minute);
    assert.deepEqual(
      minutes,
      minutes.toSorted((a, b) => a - b),
      'in their order',
    );
    assert.ok(minutes.at(-1)! < 60, `${minutes}`);
    assert.ok([...served.keys()].filter((id) => id.startsWith('single')).length > 100);
  });

  test('at the edge of the window: the seat that completes the group in time is its, a minute later it is not', () => {
    const inTime = simulate(60, [entry('ten', { quantity: 10 })], () => []);
    assert.deepEqual(inTime.served.get('ten'), { minute: 12, quantity: 10 });
    const tooMany = simulate(60, [entry('eleven', { quantity: 11 })], () => []);
    assert.deepEqual(tooMany.served.size, 0);
  });
});
