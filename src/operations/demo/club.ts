import { boxOf, lineOf, rowOf, zoneOf } from './plan-parts.js';

const SPACING = 26;
const ROW_DEPTH = 34;
const BALCONY = { rows: 2, seats: 20, x: 53, y: 560 };

/** A made-up club: 90 places on the floor, 20 in the gallery, and 40 seats on a balcony. Always the same. */
export function club() {
  const balcony = Array.from({ length: BALCONY.rows }, (_, i) =>
    rowOf(
      'Balcony',
      i + 1,
      'Balcony',
      lineOf({ x: BALCONY.x, y: BALCONY.y + i * ROW_DEPTH }, BALCONY.seats, SPACING),
    ),
  );
  const plan = {
    name: 'Main room',
    categories: [{ name: 'Balcony', color: '#3a86ff' }],
    zones: [
      zoneOf('Balcony', balcony),
      zoneOf(
        'Room',
        [],
        [
          boxOf('Stage', { x: 150, y: 20 }, 300, 90, 28),
          boxOf('Floor', { x: 40, y: 140 }, 390, 360, 34),
          boxOf('Gallery', { x: 460, y: 140 }, 100, 360, 22),
        ],
      ),
    ],
    size: { width: 600, height: 640 },
  };
  const accessible = balcony[0]!.seats.slice(0, 2).map(({ seat_guid }) => seat_guid);
  return {
    plan,
    accessible,
    areas: [
      { name: 'Floor', capacity: 90 },
      { name: 'Gallery', capacity: 20 },
    ],
  };
}
