import { arcOf, boxOf, lineOf, rowOf, zoneOf } from './plan-parts.js';

const SPACING = 27;
const ROW_DEPTH = 36;
const CENTRE = { x: 600, y: -300 };
const STALLS = { rows: 7, front: 3, radius: 490, seats: 11 };
const CIRCLE = { rows: 2, radius: 830, seats: 21 };
/** Boxes along both walls, of two rows of two. */
const BOXES = { side: 3, left: 200, right: 973, top: 170, apart: 100 };

/** A made-up theatre of 165 seats: curved rows of stalls and circle, and six boxes. Always the same. */
export function theatre() {
  const stalls = Array.from({ length: STALLS.rows }, (_, i) =>
    rowOf(
      'Parkett',
      i + 1,
      i < STALLS.front ? 'Parkett vorn' : 'Parkett',
      arcOf(CENTRE, STALLS.radius + i * ROW_DEPTH, STALLS.seats + i, SPACING),
    ),
  );
  const circle = Array.from({ length: CIRCLE.rows }, (_, i) =>
    rowOf('Rang', i + 1, 'Rang', arcOf(CENTRE, CIRCLE.radius + i * ROW_DEPTH, CIRCLE.seats + i, SPACING)),
  );
  const plan = {
    name: 'Großer Saal',
    categories: [
      { name: 'Parkett vorn', color: '#9d0208' },
      { name: 'Parkett', color: '#e85d04' },
      { name: 'Rang', color: '#3a86ff' },
      { name: 'Loge', color: '#7209b7' },
    ],
    zones: [
      zoneOf('Parkett', stalls, [boxOf('Bühne', { x: 350, y: 20 }, 500, 100, 32)]),
      zoneOf('Rang', circle),
      ...Array.from({ length: 2 * BOXES.side }, (_, i) => boxAt(i)),
    ],
    size: { width: 1_200, height: 640 },
  };
  const lastRow = stalls.at(-1)!.seats;
  const accessible = [...lastRow.slice(0, 2), ...lastRow.slice(-2)].map(({ seat_guid }) => seat_guid);
  return { plan, accessible };
}

function boxAt(index: number) {
  const name = `Loge ${index + 1}`;
  const x = index < BOXES.side ? BOXES.left : BOXES.right;
  const y = BOXES.top + (index % BOXES.side) * BOXES.apart;
  return zoneOf(
    name,
    [1, 2].map((row) => rowOf(name, row, 'Loge', lineOf({ x, y: y + (row - 1) * ROW_DEPTH }, 2, SPACING))),
  );
}
