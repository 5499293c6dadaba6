import { asHtml } from '../../platform/common/html.js';
import type { Layout, SeatLayout } from '../../venues/layout.js';

/** Points of a long row: enough for a curved one. */
const POINTS_OF_ROW = 5;
/** Ends of rows on each side between the first and the last. */
const POINTS_OF_SIDE = 2;
const NEIGHBOURS_LOOKED_AT = 400;

/**
 * The sections of a hall as a small drawing, each in the colour of its first seat's category: some kilobytes where the seats
 * themselves are hundreds. Null for a hall without seats.
 */
export function hallOutline({ seats, categories, sections }: Layout): string | null {
  if (seats.length === 0) return null;
  const spacing = spacingOf(seats);
  const xs = seats.map(({ x }) => x);
  const ys = seats.map(({ y }) => y);
  const [left, top] = [least(xs) - spacing, least(ys) - spacing];
  const [width, height] = [most(xs) + spacing - left, most(ys) + spacing - top];
  const members = sections.map((): SeatLayout[] => []);
  for (const seat of seats) members[seat.section]!.push(seat);
  const paths = members
    .filter((section) => section.length > 0)
    .map((section) => {
      const color = asHtml(categories[section[0]!.category]!.color);
      return `<path fill="${color}" stroke="${color}" d="${pathOf(cornersOf(section))}"/>`;
    });
  return `<svg viewBox="${[left, top, width, height].map(Math.round).join(' ')}" stroke-width="${Math.round(spacing)}" stroke-linejoin="round" aria-hidden="true">${paths.join('')}</svg>`;
}

/** Along the first row, down the ends of the rows, back along the last, and up the other ends. */
function cornersOf(section: readonly SeatLayout[]): SeatLayout[] {
  const rows = [...Map.groupBy(section, ({ row }) => row).values()];
  // Rows may be numbered from either side; ends that belong together are near each other.
  let side = rows[0]!;
  const turned = rows.map((row) => {
    side = distance(row[0]!, side[0]!) <= distance(row.at(-1)!, side[0]!) ? row : row.toReversed();
    return side;
  });
  const inner = some(turned.slice(1, -1), POINTS_OF_SIDE);
  return [
    ...some(turned[0]!, POINTS_OF_ROW),
    ...inner.map((row) => row.at(-1)!),
    ...(turned.length > 1 ? some(turned.at(-1)!, POINTS_OF_ROW).reverse() : []),
    ...inner.map((row) => row[0]!).reverse(),
  ];
}

/** Whole units, each point from the one before: half as long as absolute ones. */
function pathOf(corners: readonly SeatLayout[]): string {
  let [px, py] = [0, 0];
  const steps = corners.map(({ x, y }) => {
    const [dx, dy] = [Math.round(x) - px, Math.round(y) - py];
    [px, py] = [px + dx, py + dy];
    return `${dx} ${dy}`;
  });
  return `m${steps.join(' ')}z`;
}

/** At most `count` of a list, evenly, with its ends. */
function some<Item>(list: readonly Item[], count: number): Item[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))]!);
}

function spacingOf(seats: readonly SeatLayout[]): number {
  const distances = seats
    .slice(1, NEIGHBOURS_LOOKED_AT)
    .map((seat, i) => distance(seat, seats[i]!))
    .sort((a, b) => a - b);
  return distances[distances.length >> 1] || 24;
}

const distance = (a: SeatLayout, b: SeatLayout): number => Math.hypot(a.x - b.x, a.y - b.y);
// Not by spreading: 50,000 arguments are too many for a call.
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
