/** Parts of a seating-plan document whose seats stand where they are: zones and rows begin at 0, 0. */

export interface Point {
  x: number;
  y: number;
}

const ORIGIN: Point = { x: 0, y: 0 };
const tenth = (value: number) => Math.round(value * 10) / 10;

/** A row of a block; its seats are numbered from 1, in the order of their places. */
export const rowOf = (block: string, number: number, category: string, places: readonly Point[]) => ({
  row_number: String(number),
  row_number_position: 'both',
  position: ORIGIN,
  seats: places.map(({ x, y }, i) => ({
    seat_guid: `${block}-${number}-${i + 1}`,
    seat_number: String(i + 1),
    position: { x: tenth(x), y: tenth(y) },
    category,
  })),
});

export const zoneOf = (name: string, rows: ReturnType<typeof rowOf>[], areas: object[] = []) => ({
  name,
  zone_id: name.toLowerCase().replaceAll(' ', '-'),
  position: ORIGIN,
  rows,
  areas,
});

/** A rectangle with its name in the middle. */
export const boxOf = (text: string, { x, y }: Point, width: number, height: number, size: number) => ({
  shape: 'rectangle',
  position: { x, y },
  rectangle: { width, height },
  rotation: 0,
  color: '#d8e2dc',
  border_color: '#6c757d',
  text: { text, position: { x: width / 2, y: height / 2 }, color: '#333333', size },
});

/** Places side by side on an arc around a centre above the hall, the middle of the arc straight below it. */
export function arcOf(centre: Point, radius: number, count: number, spacing: number): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i - (count - 1) / 2) * spacing) / radius;
    return { x: centre.x + radius * Math.sin(angle), y: centre.y + radius * Math.cos(angle) };
  });
}

export const lineOf = ({ x, y }: Point, count: number, spacing: number): Point[] =>
  Array.from({ length: count }, (_, i) => ({ x: x + i * spacing, y }));
