import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import type { AreaLayout } from '../../../src/venues/layout.js';
import { buildLayout } from '../../../src/venues/layout.rules.js';
import { each, field, isObject, tooLarge, walk } from '../../../src/venues/plan-parts.rules.js';
import { checkPlan } from '../../../src/venues/seating-plan.rules.js';
import type { Area, SeatingPlanDocument } from '../../../src/venues/seating-plan.schemas.js';
import { cssColor, shapeOf } from '../../../src/venues/shape.rules.js';
import { editorPlan, olderPlan } from '../../support/plans.js';

const problems = (plan: unknown, accessible: string[] = [], areas: AreaLayout[] = []) =>
  checkPlan(plan, accessible, areas).map(({ path, message }) => `${path} ${message}`);
const seat = (guid: string, category = 'Stalls') => ({
  seat_guid: guid,
  seat_number: guid,
  position: { x: 0, y: 0 },
  category,
});
const plan = (seats: unknown[], more: object = {}) => ({
  name: 'Plan',
  categories: [{ name: 'Stalls' }],
  zones: [{ position: { x: 0, y: 0 }, rows: [{ row_number: '1', seats }] }],
  ...more,
});

describe('problems of a plan', () => {
  test('say what is wrong with its seats', () => {
    const at = (n: number) => `plan.zones.0.rows.0.seats.${n}`;
    assert.deepEqual(problems(plan([seat('a'), seat('b', ''), seat('c', 'Royal'), seat('a')])), [
      `${at(1)}.category must not be empty`,
      `${at(2)}.category is not a category of this plan: "Royal"`,
      `${at(3)}.seat_guid repeats the seat "a" of ${at(0)}.seat_guid`,
    ]);
    const [long, longer] = ['x'.repeat(60), 'y'.repeat(61)];
    assert.deepEqual(problems(plan([seat('a', long), seat('b', longer)])), [
      `${at(0)}.category is not a category of this plan: "${long}"`,
      `${at(1)}.category is not a category of this plan: "${'y'.repeat(60)}…"`,
    ]);
    assert.deepEqual(
      problems(plan([seat('a'), seat('b')], { categories: [{ name: 'Stalls' }, { name: 'Stalls' }] })),
      ['plan.categories.1.name repeats the category "Stalls" of plan.categories.0.name'],
    );
  });

  test('say what is wrong with accessible seats', () => {
    assert.deepEqual(problems(plan([seat('a')]), ['a', 'z', 'a']), [
      'accessible.1 is not a seat_guid of this plan: "z"',
      'accessible.2 repeats the entry "a" of accessible.0',
    ]);
  });

  test('say what is wrong with areas', () => {
    const areas = (...names: string[]) => names.map((name) => ({ name, capacity: 1 }));
    assert.deepEqual(problems(plan([]), [], areas('Floor', 'STALLS', 'floor')), [
      'areas.1.name is also the name of a category',
      'areas.2.name repeats the area "floor" of areas.0.name',
    ]);
    assert.deepEqual(problems(plan([]), [], areas(' ', 'Floor ', 'a\tb', 'a\nb', 'x'.repeat(101))), [
      'areas.0.name must have a visible character',
      'areas.0.name must not begin or end with white space',
      'areas.1.name must not begin or end with white space',
      'areas.2.name must not contain control characters',
      'areas.3.name must not contain control characters',
      'areas.4.name must not be longer than 100 characters',
    ]);
    assert.deepEqual(problems(plan([]), [], areas('x'.repeat(100), 'Rang é')), []);
    const capacities = [0, 1, 1_000_000, 1_000_001, 1.5, -1].map((capacity, i) => ({
      name: `${i}`,
      capacity,
    }));
    const whole = 'capacity must be a whole number from 1 to 1000000';
    assert.deepEqual(
      problems(plan([]), [], capacities),
      [0, 3, 4, 5].map((i) => `areas.${i}.${whole}`),
    );
  });

  test('say that there is nothing to sell', () => {
    const nothing = 'plan.zones has no seat, and there is no general-admission area';
    assert.deepEqual(problems(plan([])), [nothing]);
    assert.deepEqual(problems(plan([]), [], [{ name: 'Floor', capacity: 1 }]), []);
    assert.deepEqual(problems(plan([seat('a')])), []);
  });

  test('say how many are too many, of each kind, and nothing else then', () => {
    const zone = { position: { x: 0, y: 0 }, rows: [] };
    const bounds: [string, string, number, (count: number) => Parameters<typeof problems>][] = [
      ['plan.zones', 'zones', 5_000, (count) => [plan([], { zones: Array(count).fill(zone) })]],
      [
        'plan.zones',
        'rows',
        50_000,
        (count) => [
          plan([], { zones: [{ ...zone, rows: Array(count).fill({ row_number: '', seats: [] }) }] }),
        ],
      ],
      [
        'plan.zones',
        'drawn areas',
        20_000,
        (count) => [plan([], { zones: [{ ...zone, areas: Array(count).fill({ width: 1, height: 1 }) }] })],
      ],
      [
        'plan.categories',
        'categories',
        500,
        (count) => [plan([], { categories: Array.from({ length: count }, (_, i) => ({ name: `${i}` })) })],
      ],
      [
        'plan.zones',
        'points in a polygon',
        10_000,
        (count) => [
          plan([], {
            zones: [
              {
                ...zone,
                areas: [3, count].map((length) => ({
                  shape: 'polygon',
                  polygon: { points: Array(length).fill({ x: 0, y: 0 }) },
                })),
              },
            ],
          }),
        ],
      ],
      [
        'areas',
        'areas',
        500,
        (count) => [plan([]), [], Array.from({ length: count }, (_, i) => ({ name: `${i}`, capacity: 1 }))],
      ],
    ];
    for (const [path, what, most, make] of bounds) {
      const message = `${path} has ${most + 1} ${what}, at most ${most} are allowed`;
      assert.deepEqual(problems(...make(most + 1)), [message]);
      assert.ok(!problems(...make(most)).some((problem) => problem.includes('allowed')), what);
    }
  });

  test('are found in plans that are broken anywhere', () => {
    const parts = walk({
      zones: [{ rows: [{ seats: [1, null] }, 'row'], areas: 'none' }, null, [{ rows: [1] }]],
    });
    assert.deepEqual(
      [parts.plan.path, parts.zones, parts.rows, parts.seats, parts.shapes, parts.categories].map((part) =>
        Array.isArray(part) ? part.map(({ path }) => path) : part,
      ),
      [
        'plan',
        ['plan.zones.0', 'plan.zones.1', 'plan.zones.2'],
        ['plan.zones.0.rows.0', 'plan.zones.0.rows.1'],
        ['plan.zones.0.rows.0.seats.0', 'plan.zones.0.rows.0.seats.1'],
        [],
        [],
      ],
    );
    assert.deepEqual([{}, [], null, 'x', undefined].map(isObject), [true, false, false, false, false]);
    assert.equal(field({ path: '', value: { a: 1 } }, 'a'), 1);
    assert.equal(field({ path: '', value: [1] }, '0'), undefined);
    assert.deepEqual(each([{ path: 'p', value: { a: 1 } }], 'a'), [{ path: 'p.a', key: 1 }]);
  });

  test('are not looked for in what is too large', () => {
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    assert.equal(tooLarge(nested(33)), undefined);
    assert.equal(tooLarge(nested(34)), 'is nested deeper than 32 levels');
    assert.equal(tooLarge({ a: nested(33) }), 'is nested deeper than 32 levels');
    assert.equal(tooLarge(Array(999_999).fill([])), undefined);
    assert.equal(tooLarge(Array(1_000_000).fill([])), 'has more than 1000000 objects and lists');
    assert.equal(tooLarge(Array(4_000_000).fill(null)), undefined);
    assert.equal(tooLarge(Array(4_000_001).fill(0)), 'has more than 4000000 values on one level');
    assert.equal(tooLarge([Array(3_999_999).fill(0), [1, 2]]), 'has more than 4000000 values on one level');
    for (const value of [null, 'x', 1]) assert.equal(tooLarge(value), undefined);
  });
});

describe('the layout of a plan', () => {
  const layout = (document: unknown, accessible: string[] = [], areas: AreaLayout[] = []) =>
    buildLayout(document as SeatingPlanDocument, accessible, areas);

  test('has the size of the document, or room for everything and a margin', () => {
    const { width, height } = layout(editorPlan());
    assert.deepEqual([width, height], [400, 300]);
    const older = layout(olderPlan());
    assert.deepEqual([older.width, older.height], [55, 140]);
    const empty = layout(plan([], { zones: [] }));
    assert.deepEqual([empty.width, empty.height], [20, 20]);
  });

  test('names zones, rows and seats by what they have', () => {
    const seats = [{ ...seat('a'), seat_number: '1' }];
    const rows = [{ row_number: 'R', seats }];
    const zones = [
      { name: ' East ', position: { x: 0, y: 0 }, rows },
      {
        name: ' ',
        position: { x: 0, y: 0 },
        rows: [{ row_number: ' ', seats: [{ ...seat('b'), seat_number: '7' }] }],
      },
      { position: { x: 0, y: 0 }, rows: [{ row_number: '', seats: [{ ...seat('c'), seat_number: '' }] }] },
    ];
    const { sections, seats: placed } = layout(plan([], { zones }), ['b'], [{ name: 'Floor', capacity: 7 }]);
    assert.deepEqual(sections, ['East', 'Zone 2', 'Zone 3']);
    assert.deepEqual(
      placed.map(({ n, label, section, row, number, category, accessible, run }) => [
        n,
        label,
        section,
        row,
        number,
        category,
        accessible,
        run,
      ]),
      [
        [0, ' East -R-1', 0, 'R', '1', 0, false, 0],
        [1, '7', 1, ' ', '7', 0, true, 1],
        [2, 'c', 2, '', '', 0, false, 2],
      ],
    );
  });

  test('has positions to a thousandth', () => {
    const zones = [
      {
        position: { x: 0.1, y: 0.1 },
        rows: [
          {
            row_number: '1',
            position: { x: 0.2, y: 10 },
            seats: [{ ...seat('a'), position: { x: 0.0004, y: 0.0006 } }],
          },
        ],
      },
    ];
    const [{ x, y } = { x: 0, y: 0 }] = layout(plan([], { zones })).seats;
    assert.deepEqual([x, y], [0.3, 10.101]);
  });

  test('has colours of the plan, where they are colours', () => {
    const categories = [{ name: 'a', color: 'red' }, { name: 'b', color: 'url(x)' }, { name: 'c' }];
    assert.deepEqual(
      layout(plan([], { categories })).categories.map(({ color }) => color),
      ['red', '#7f8c8d', '#7f8c8d'],
    );
    for (const color of ['#abc', '#ABCDEF', '#12345678', 'Tomato']) assert.equal(cssColor(color), color);
    for (const color of [
      '#ab',
      '#123456789',
      're',
      'red;x',
      ' red',
      '#ggg',
      'x'.repeat(31),
      '',
      null,
      undefined,
    ])
      assert.equal(cssColor(color), null, String(color));
  });
});

describe('shapes', () => {
  const zone = { x: 100, y: 200 };
  const drawn = { x: 100, y: 200, rotation: 0, color: null, border: null, text: null };
  const shape = (area: object) => shapeOf(area as Area, zone);

  test('of each kind', () => {
    const at = { position: { x: 1, y: 2 }, rotation: 30, color: 'red', border_color: '#000' };
    const base = { x: 101, y: 202, rotation: 30, color: 'red', border: '#000', text: null };
    assert.deepEqual(shape({ ...at, shape: 'circle', circle: { radius: 5 } }), {
      kind: 'ellipse',
      ...base,
      rx: 5,
      ry: 5,
    });
    assert.deepEqual(shape({ ...at, shape: 'ellipse', ellipse: { radius: { x: 5, y: 6 } } }), {
      kind: 'ellipse',
      ...base,
      rx: 5,
      ry: 6,
    });
    const points = [
      { x: 0, y: 1 },
      { x: 2, y: 3 },
    ];
    assert.deepEqual(shape({ ...at, shape: 'polygon', polygon: { points } }), {
      kind: 'polygon',
      ...base,
      points: [
        [101, 203],
        [103, 205],
      ],
    });
    assert.deepEqual(
      shape({ ...at, shape: 'rectangle', rectangle: { width: 7, height: 8 }, width: 1, height: 1 }),
      {
        kind: 'rectangle',
        ...base,
        width: 7,
        height: 8,
      },
    );
    assert.deepEqual(shape({ width: 7, height: 8 }), { kind: 'rectangle', ...drawn, width: 7, height: 8 });
  });

  test('with a text in the middle, or at a place of its own', () => {
    const text = (area: object) => shape({ shape: 'text', ...area }).text;
    assert.deepEqual(text({ text: 'Bar', width: 10, height: 20 }), {
      text: 'Bar',
      x: 105,
      y: 210,
      size: 16,
      color: '#333333',
    });
    assert.deepEqual(text({ text: 'Bar' }), { text: 'Bar', x: 100, y: 200, size: 16, color: '#333333' });
    assert.deepEqual(text({ text: { text: 'Bar' } }), {
      text: 'Bar',
      x: 100,
      y: 200,
      size: 16,
      color: '#333333',
    });
    assert.deepEqual(text({ text: { text: 'Bar', position: { x: 3, y: 4 }, size: 9, color: 'blue' } }), {
      text: 'Bar',
      x: 103,
      y: 204,
      size: 9,
      color: 'blue',
    });
    for (const none of [undefined, null, '']) assert.equal(text({ text: none }), null);
    assert.deepEqual(shape({ shape: 'text' }), { kind: 'text', ...drawn });
  });
});
