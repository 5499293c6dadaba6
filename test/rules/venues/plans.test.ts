import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { arena } from '../../../src/operations/demo/arena.js';
import { memberSource } from '../../../src/platform/common/json-source.js';
import { buildLayout } from '../../../src/venues/layout.rules.js';
import { orderRow, runsOf } from '../../../src/venues/row.rules.js';
import { checkPlan, MOST_PROBLEMS } from '../../../src/venues/seating-plan.rules.js';
import type { SeatingPlanDocument } from '../../../src/venues/seating-plan.schemas.js';
import { editorPlan, olderPlan } from '../../support/plans.js';

const HALL = 'data/venues/riethsporthalle-erfurt';
const hall = JSON.parse(readFileSync(`${HALL}.seating-plan.json`, 'utf8')) as SeatingPlanDocument;
const facts = JSON.parse(readFileSync(`${HALL}.meta.json`, 'utf8'));

const layoutOf = (plan: unknown, accessible: string[] = []) =>
  buildLayout(plan as SeatingPlanDocument, accessible, []);
/** A copy of the editor's form with one change. */
const changed = (change: (plan: ReturnType<typeof editorPlan>) => void) => {
  const plan = editorPlan();
  change(plan);
  return plan;
};
const SEAT = 'plan.zones.0.rows.0.seats.0';

describe('checking a plan', () => {
  test('both forms and the real hall have no problem', () => {
    assert.deepEqual(checkPlan(olderPlan(), [], []), []);
    assert.deepEqual(checkPlan(editorPlan(), ['A-1'], [{ name: 'Standing', capacity: 10 }]), []);
    assert.deepEqual(checkPlan(hall, facts.accessible_seat_guids, facts.general_admission), []);
  });

  const broken: [
    what: string,
    path: string,
    plan: unknown,
    accessible?: string[],
    areas?: { name: string; capacity: number }[],
  ][] = [
    ['no name', 'plan.name', changed((p) => Object.assign(p, { name: undefined }))],
    ['an empty name', 'plan.name', changed((p) => Object.assign(p, { name: ' ' }))],
    ['no zones', 'plan.zones', { ...editorPlan(), zones: undefined }],
    ['zones that are no list', 'plan.zones', { ...editorPlan(), zones: {} }],
    ['a zone that is null', 'plan.zones.0', { ...editorPlan(), zones: [null] }],
    ['no categories', 'plan.categories', { ...editorPlan(), categories: undefined }],
    [
      'a category twice',
      'plan.categories.1.name',
      changed((p) => p.categories.push({ ...p.categories[0]! })),
    ],
    ['a width of 0', 'plan.size.width', changed((p) => Object.assign(p.size, { width: 0 }))],
    [
      'no zone position',
      'plan.zones.0.position',
      changed((p) => Object.assign(p.zones[0]!, { position: undefined })),
    ],
    [
      'an endless coordinate',
      'plan.zones.0.position.x',
      changed((p) => Object.assign(p.zones[0]!.position, { x: Number.POSITIVE_INFINITY })),
    ],
    [
      'a coordinate far away',
      'plan.zones.0.position.y',
      changed((p) => Object.assign(p.zones[0]!.position, { y: -1e8 })),
    ],
    [
      'a row without number',
      'plan.zones.0.rows.0.row_number',
      changed((p) => Object.assign(p.zones[0]!.rows[0]!, { row_number: undefined })),
    ],
    [
      'a row without seats',
      'plan.zones.0.rows.0.seats',
      changed((p) => Object.assign(p.zones[0]!.rows[0]!, { seats: undefined })),
    ],
    [
      'a seat number that is a number',
      `${SEAT}.seat_number`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { seat_number: 1 })),
    ],
    [
      'no seat_guid',
      `${SEAT}.seat_guid`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { seat_guid: undefined })),
    ],
    [
      'an empty seat_guid',
      `${SEAT}.seat_guid`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { seat_guid: '' })),
    ],
    [
      'a NUL in a seat_guid',
      `${SEAT}.seat_guid`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { seat_guid: 'A\0' })),
    ],
    [
      'half a surrogate pair',
      `${SEAT}.seat_guid`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { seat_guid: '\ud800' })),
    ],
    [
      'a seat_guid twice',
      'plan.zones.0.rows.0.seats.1.seat_guid',
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[1]!, { seat_guid: 'A-1' })),
    ],
    [
      'an unknown category',
      `${SEAT}.category`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { category: 'Royal' })),
    ],
    [
      'an empty category',
      `${SEAT}.category`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { category: '' })),
    ],
    [
      'a seat radius of -1',
      `${SEAT}.radius`,
      changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { radius: -1 })),
    ],
    [
      'an unknown shape',
      'plan.zones.0.areas.0.shape',
      changed((p) => Object.assign(p.zones[0]!.areas[0]!, { shape: 'star' })),
    ],
    [
      'a shape without its size',
      'plan.zones.0.areas.0.rectangle',
      changed((p) => Object.assign(p.zones[0]!.areas[0]!, { rectangle: undefined })),
    ],
    [
      'a rectangle of no height',
      'plan.zones.0.areas.0.rectangle.height',
      changed((p) => Object.assign(p.zones[0]!.areas[0]!, { rectangle: { width: 1, height: 0 } })),
    ],
    [
      'a polygon of two points',
      'plan.zones.0.areas.3.polygon.points',
      changed((p) => p.zones[0]!.areas[3]!.polygon!.points.splice(2)),
    ],
    [
      'an older area without width',
      'plan.zones.0.areas.0.width',
      {
        ...olderPlan(),
        zones: [{ ...olderPlan().zones[0]!, areas: [{ height: 5, position: { x: 0, y: 0 } }] }],
      },
    ],
    ['neither seat nor area', 'plan.zones', { ...editorPlan(), zones: [] }],
    ['too deep', 'plan', { ...editorPlan(), deep: JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)) }],
    ['an unknown accessible seat', 'accessible.1', editorPlan(), ['A-1', 'Z-9']],
    ['an accessible seat twice', 'accessible.1', editorPlan(), ['A-1', 'A-1']],
    ['an area without name', 'areas.0.name', editorPlan(), [], [{ name: '', capacity: 1 }]],
    [
      'an area name twice',
      'areas.1.name',
      editorPlan(),
      [],
      [
        { name: 'Floor', capacity: 1 },
        { name: 'floor', capacity: 1 },
      ],
    ],
    ['an area named like a category', 'areas.0.name', editorPlan(), [], [{ name: 'STALLS', capacity: 1 }]],
    ['a capacity of 0', 'areas.0.capacity', editorPlan(), [], [{ name: 'Floor', capacity: 0 }]],
    ['a capacity of 1.5', 'areas.0.capacity', editorPlan(), [], [{ name: 'Floor', capacity: 1.5 }]],
    [
      'a capacity above a million',
      'areas.0.capacity',
      editorPlan(),
      [],
      [{ name: 'Floor', capacity: 1_000_001 }],
    ],
  ];
  for (const name of ['Kat 1 ', ' Kat 1', '\u00a0Kat 1', '\u200b', '\u3164', '\u2800'])
    broken.push(
      [
        `a category named ${JSON.stringify(name)}`,
        'plan.categories.0.name',
        changed((p) => Object.assign(p.categories[0]!, { name })),
      ],
      [`an area named ${JSON.stringify(name)}`, 'areas.0.name', editorPlan(), [], [{ name, capacity: 1 }]],
    );
  for (const [what, path, plan, accessible = [], areas = []] of broken)
    test(`${what} is a problem at ${path}`, () => {
      const problems = checkPlan(plan, accessible, areas);
      assert.ok(
        problems.some((problem) => problem.path === path),
        JSON.stringify(problems),
      );
      assert.ok(problems.every(({ message }) => message.length > 5));
    });

  test('problems of every kind come in one answer', () => {
    const plan = changed((p) => {
      Object.assign(p.zones[0]!.rows[0]!.seats[0]!, { category: 'Royal', seat_number: null });
      Object.assign(p.zones[0]!.rows[0]!.seats[1]!, { seat_guid: 'A-1' });
    });
    assert.deepEqual(
      checkPlan(plan, ['Z-9'], [{ name: 'Floor', capacity: 0 }])
        .map(({ path }) => path)
        .sort(),
      [
        'accessible.0',
        'areas.0.capacity',
        `${SEAT}.category`,
        `${SEAT}.seat_number`,
        'plan.zones.0.rows.0.seats.1.seat_guid',
      ].sort(),
    );
  });

  test('more than 100,000 seats are refused without a look at each', () => {
    const seats = Array.from({ length: 100_001 }, () => ({}));
    const problems = checkPlan(
      { ...editorPlan(), zones: [{ position: { x: 0, y: 0 }, rows: [{ row_number: '1', seats }] }] },
      [],
      [],
    );
    assert.deepEqual(problems, [
      { path: 'plan.zones', message: 'has 100001 seats, at most 100000 are allowed' },
    ]);
  });

  test('hundreds of thousands of problems, points or objects end in an answer', () => {
    const with100k = (seat: unknown) => ({
      ...editorPlan(),
      zones: [{ position: { x: 0, y: 0 }, rows: [{ row_number: '1', seats: Array(100_000).fill(seat) }] }],
    });
    for (const seat of [{}, null, { seat_guid: 'A', category: 'Royal' }])
      assert.equal(checkPlan(with100k(seat), [], []).length, MOST_PROBLEMS);
    const points = Array(200_000).fill({ x: 'left', y: 'top' });
    const drawn = changed((p) => Object.assign(p.zones[0]!.areas[3]!, { polygon: { points } }));
    assert.match(checkPlan(drawn, [], [])[0]!.message, /has 200000 points/);
    const crowd = Array(1_000_001).fill([]);
    assert.match(checkPlan({ ...editorPlan(), crowd }, [], [])[0]!.message, /more than 1000000 objects/);
    const long = Array(4_000_001).fill(0);
    assert.match(checkPlan({ ...editorPlan(), long }, [], [])[0]!.message, /more than 4000000 values/);
  });

  test('whatever JSON arrives, the check answers and never throws', () => {
    const like = (plan: unknown) => fc.oneof(fc.constant(plan), fc.jsonValue());
    const anyPlan = fc.record({
      name: like('x'),
      categories: like([{ name: 'Stalls' }]),
      zones: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({
            position: like({ x: 1, y: 1 }),
            rows: fc.array(fc.jsonValue()),
            areas: fc.jsonValue(),
          }),
        ),
      ),
      size: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.oneof(anyPlan, fc.jsonValue()), (plan) => {
        const problems = checkPlan(plan, [], []);
        if (problems.length === 0) layoutOf(plan);
        else assert.ok(problems.every(({ path, message }) => path && message));
      }),
    );
  });
});

describe('layout', () => {
  test('the real hall: every seat once, sections, accessible seats, the pitch', () => {
    const layout = buildLayout(hall, facts.accessible_seat_guids, facts.general_admission);
    assert.equal(layout.seats.length, 1252);
    assert.equal(layout.seats.filter(({ accessible }) => accessible).length, 21);
    assert.deepEqual(layout.sections, ['Block D', 'Block E', 'Block F', 'Block A', 'Block B', 'Block C']);
    assert.deepEqual(layout.areas, [{ name: 'Stehplatz', capacity: 248 }]);
    assert.deepEqual([layout.width, layout.height], [2520, 1250]);
    assert.ok(layout.seats.every(({ n }, i) => n === i));
    assert.equal(new Set(layout.seats.map(({ label }) => label)).size, 1252);
    assert.equal(layout.seats[0]!.label, 'Block D-14-1');
    assert.equal(layout.shapes.length, 1);
    assert.deepEqual([layout.shapes[0]!.x, layout.shapes[0]!.text?.text], [840, 'Spielfeld']);
  });

  test('the real hall: runs end at aisles, found here by hand from the seats of one row', () => {
    const { seats } = buildLayout(hall, [], []);
    const row = seats.filter((seat) => seat.section === 0 && seat.row === '14');
    assert.deepEqual(
      row.map(({ number }) => number),
      row.map((_, i) => String(i + 1)),
    );
    const [seventh, eighth, ninth] = row.slice(6) as [(typeof row)[0], (typeof row)[0], (typeof row)[0]];
    assert.equal(eighth.x - seventh.x, 48);
    assert.notEqual(seventh.run, eighth.run);
    assert.equal(eighth.run, ninth.run);
  });

  test('the real hall: neighbours share a run if and only if nothing lies between them', () => {
    const { seats } = buildLayout(hall, [], []);
    for (const [i, seat] of seats.slice(1).entries()) {
      const before = seats[i]!;
      const sameRow = before.section === seat.section && before.row === seat.row;
      // All rows have seats 24 apart but E-6, the row of wheelchair places.
      const usual = seat.label.startsWith('Block E-6-') ? 48 : 24;
      const near = Math.hypot(seat.x - before.x, seat.y - before.y) <= 1.5 * usual;
      assert.equal(before.run === seat.run, sameRow && near, `${before.label} and ${seat.label}`);
    }
  });

  test('the older form: no size, no row position, no names, plain text in areas', () => {
    const layout = layoutOf(olderPlan());
    assert.deepEqual(layout.sections, ['Zone 1']);
    assert.deepEqual(
      layout.seats.map(({ label, x, y }) => [label, x, y]),
      [
        ['0-0', 10, 20],
        ['0-1', 35, 20],
      ],
    );
    assert.deepEqual(layout.categories, [{ name: 'Stalls', color: '#7f8c8d' }]);
    assert.ok(layout.width >= 35 && layout.height >= 20);
    assert.deepEqual(layout.shapes[0], {
      kind: 'rectangle',
      x: 10,
      y: 120,
      rotation: 0,
      color: 'grey',
      border: null,
      width: 100,
      height: 40,
      text: { text: 'Stage', x: 60, y: 140, size: 16, color: '#333333' },
    });
  });

  test('the editor form: every seat and shape at its absolute position, style that is no colour left out', () => {
    const { seats, shapes } = layoutOf(editorPlan());
    assert.deepEqual(
      seats.map(({ x, y }) => [x, y]),
      [
        [129, 55],
        [153, 55],
        [177, 55],
      ],
    );
    assert.deepEqual(
      shapes.map(({ kind }) => kind),
      ['rectangle', 'ellipse', 'ellipse', 'polygon', 'text'],
    );
    assert.deepEqual(shapes[3], {
      kind: 'polygon',
      x: 110,
      y: 60,
      rotation: 45,
      color: null,
      border: '#000000',
      text: null,
      points: [
        [110, 60],
        [120, 60],
        [115, 70],
      ],
    });
    assert.deepEqual(shapes[4]!.text, { text: 'Bar', x: 102, y: 53, size: 20, color: '#333333' });
  });

  test('labels that are not unique give way to guids', () => {
    const plan = changed((p) => Object.assign(p.zones[0]!.rows[0]!.seats[1]!, { seat_number: '1' }));
    assert.deepEqual(
      layoutOf(plan).seats.map(({ label }) => label),
      ['A-1', 'A-2', 'Hall-A-3'],
    );
    Object.assign(plan.zones[0]!.rows[0]!.seats[0]!, { seat_guid: 'Hall-A-3' });
    assert.deepEqual(
      layoutOf(plan).seats.map(({ label }) => label),
      ['Hall-A-3', 'A-2', 'A-3'],
    );
  });

  test('the only zone with seats that has no name is known; several are told apart by names that stand in', () => {
    const [hall] = editorPlan().zones;
    const unnamedOf = (...names: (string | null | undefined)[]) => {
      const zones = names.map((name, z) => ({
        ...hall!,
        name,
        rows: hall!.rows.map((row) => ({
          ...row,
          seats: row.seats.map((seat) => ({ ...seat, seat_guid: `${z}-${seat.seat_guid}` })),
        })),
      }));
      const stage = { ...hall!, name: '', rows: [] };
      const { sections, unnamed } = layoutOf({ ...editorPlan(), zones: [...zones, stage] });
      assert.equal(sections[names.length], `Zone ${names.length + 1}`);
      return unnamed;
    };
    assert.equal(unnamedOf('Hall'), undefined);
    assert.equal(unnamedOf('Hall', null), 1);
    assert.equal(unnamedOf(' ', 'Zone 2'), 0);
    assert.equal(unnamedOf('', undefined), undefined);
  });

  test('numbers are dense, runs never go back, and the same document gives the same layout', () => {
    const point = fc.record({
      x: fc.integer({ min: -500, max: 500 }),
      y: fc.integer({ min: -500, max: 500 }),
    });
    const rows = fc.array(fc.array(point, { maxLength: 12 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), (zones) => {
        const plan = {
          name: 'Any',
          categories: [{ name: 'Stalls' }],
          zones: zones.map((rows, z) => ({
            position: { x: 0, y: 0 },
            rows: rows.map((seats, r) => ({
              row_number: `${r}`,
              seats: seats.map((position, s) => ({
                seat_guid: `${z}/${r}/${s}`,
                seat_number: `${s}`,
                position,
                category: 'Stalls',
              })),
            })),
          })),
        };
        const { seats } = layoutOf(plan);
        assert.deepEqual(layoutOf(structuredClone(plan)).seats, seats);
        const guids = zones.flatMap((rows, z) =>
          rows.flatMap((row, r) => row.map((_, s) => `${z}/${r}/${s}`)),
        );
        assert.deepEqual(seats.map(({ guid }) => guid).sort(), guids.sort());
        assert.equal(new Set(seats.map(({ label }) => label)).size, seats.length);
        seats.forEach((seat, n) => {
          assert.equal(seat.n, n);
          const before = seats[n - 1];
          if (before === undefined) {
            assert.equal(seat.run, 0);
            return;
          }
          const sameRow = before.section === seat.section && before.row === seat.row;
          assert.ok(seat.run === before.run + 1 || (sameRow && seat.run === before.run));
        });
      }),
    );
  });

  test('the arena: 50,000 seats, believable rows, always the same', () => {
    const { plan, accessible } = arena();
    assert.deepEqual(checkPlan(plan, accessible, []), []);
    const { seats, width, height } = layoutOf(plan, accessible);
    assert.equal(seats.length, 50_000);
    assert.equal(seats.filter((seat) => seat.accessible).length, 480);
    assert.ok(seats.every(({ x, y }) => x > 0 && x < width && y > 0 && y < height));
    const runs = [...Map.groupBy(seats, ({ run }) => run).values()].map(({ length }) => length);
    assert.ok(Math.min(...runs) >= 6 && Math.max(...runs) <= 26, 'nobody passes more than two dozen others');
    assert.equal(JSON.stringify(arena().plan), JSON.stringify(plan));
  });
});

describe('rows', () => {
  const line = (...xs: number[]) => xs.map((x) => ({ x, y: 0 }));
  const xs = (seats: { x: number }[]) => seats.map(({ x }) => x);

  test('the order of the document is kept along a line, from either end', () => {
    assert.deepEqual(xs(orderRow(line(0, 10, 20, 30))), [0, 10, 20, 30]);
    assert.deepEqual(xs(orderRow(line(30, 20, 10, 0))), [30, 20, 10, 0]);
  });

  test('odd numbers first, then even ones, are sorted by place', () => {
    assert.deepEqual(xs(orderRow(line(0, 20, 40, 10, 30))), [0, 10, 20, 30, 40]);
    assert.deepEqual(xs(orderRow(line(40, 20, 0, 30, 10))), [40, 30, 20, 10, 0]);
  });

  test('a row that goes neither way is sorted from the left', () => {
    assert.deepEqual(xs(orderRow(line(10, 30, 0, 20))), [0, 10, 20, 30]);
  });

  test('a staggered row is sorted along itself whichever way it runs, also far from the origin', () => {
    for (const x of [0, 5000])
      for (const y of [0, 5000])
        for (let degrees = 0; degrees < 360; degrees += 15) {
          const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
          const row = [0, 20, 40, 10, 30].map((at) => {
            const aside = at % 20 === 0 ? 0 : 18;
            return { at, x: x + at * cos - aside * sin, y: y + at * sin + aside * cos };
          });
          assert.deepEqual(
            orderRow(row).map(({ at }) => at),
            [0, 10, 20, 30, 40],
            `${degrees} degrees at ${x}, ${y}`,
          );
        }
  });

  test('seats on one spot, but for rounding, keep the order of the document', () => {
    const spot = line(0, 10 + 1e-12, 10, 20);
    assert.deepEqual(orderRow(spot), spot);
  });

  test('a slanted row is sorted along its slant', () => {
    const slanted = [3, 1, 2, 0].map((i) => ({ x: i * 7, y: 72 - i * 24 }));
    assert.deepEqual(
      orderRow(slanted).map(({ y }) => y),
      [0, 24, 48, 72],
    );
  });

  test('a round table keeps its order', () => {
    const round = Array.from({ length: 8 }, (_, i) => ({
      x: Math.cos((i * Math.PI) / 4),
      y: Math.sin((i * Math.PI) / 4),
    }));
    assert.deepEqual(orderRow(round), round);
  });

  test('a row in any order has the same neighbours', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 7, 8, 9, 10], { minLength: 2 }), (order) => {
        const sorted = xs(orderRow(line(...order)));
        assert.ok(
          [sorted, sorted.toReversed()].some((way) => way.every((x, i) => i === 0 || way[i - 1]! < x)),
        );
      }),
    );
  });

  test('an aisle ends a run at more than 1.5 usual distances, not at 1.5', () => {
    assert.deepEqual(runsOf(line(0, 10, 20, 35, 45)), [0, 0, 0, 0, 0]);
    assert.deepEqual(runsOf(line(0, 10, 20, 36, 46)), [0, 0, 0, 1, 1]);
    assert.deepEqual(runsOf(line(0, 10, 30)), [0, 0, 1]);
    assert.deepEqual(runsOf(line(0, 500)), [0, 0]);
    assert.deepEqual(runsOf(line(5)), [0]);
    assert.deepEqual(runsOf([]), []);
  });

  test('seats on one spot neither end a run nor make the usual distance smaller', () => {
    assert.deepEqual(runsOf(line(5, 5, 5)), [0, 0, 0]);
    assert.deepEqual(runsOf(line(0, 0, 0, 10, 20)), [0, 0, 0, 0, 0]);
  });
});

describe('the source of a JSON member', () => {
  test('is what was sent, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        fc.nat(3),
        (others, plan, indent) => {
          const value = { ...others, plan };
          const source = memberSource(JSON.stringify(value, null, indent), 'plan');
          assert.deepEqual(JSON.parse(source!), JSON.parse(JSON.stringify(plan)));
        },
      ),
    );
  });

  test('keeps numbers and keys as they are; the last of equal keys counts', () => {
    assert.equal(
      memberSource('{"a":{"plan":1}, "plan" : {"10": 1.0, "2": 1e3} }', 'plan'),
      '{"10": 1.0, "2": 1e3}',
    );
    assert.equal(memberSource('{"plan":1,"pl\\u0061n":[2,"}\\\\\\""]}', 'plan'), '[2,"}\\\\\\""]');
    assert.equal(memberSource('{"a":1}', 'plan'), undefined);
    assert.equal(memberSource('{}', 'plan'), undefined);
    assert.equal(memberSource('plan="no JSON', 'plan'), undefined);
  });
});
