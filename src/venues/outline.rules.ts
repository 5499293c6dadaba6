import type { Layout, SeatLayout } from './layout.js';

/** Points of a long row: enough for a curved one. */
const POINTS_OF_ROW = 5;
/** Ends of rows on each side between the first and the last. */
const POINTS_OF_SIDE = 2;
const NEIGHBOURS_LOOKED_AT = 400;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A hall as its sections: some kilobytes where the seats are hundreds. Positions are those of the plan. */
export interface Outline {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Usual distance of neighbours, by which each section is to be drawn wider. */
  readonly spacing: number;
  readonly sections: readonly OutlinedSection[];
}

export interface OutlinedSection {
  /** Index into `Layout.sections`. */
  readonly no: number;
  /** Colour of its first seat's category. */
  readonly color: string;
  readonly corners: readonly Point[];
}

/** Null for a hall without seats. */
export function outlineOf({ seats, categories, sections }: Layout): Outline | null {
  if (seats.length === 0) return null;
  const spacing = spacingOf(seats);
  const xs = seats.map(({ x }) => x);
  const ys = seats.map(({ y }) => y);
  const [left, top] = [least(xs) - spacing, least(ys) - spacing];
  const members = sections.map((): SeatLayout[] => []);
  for (const seat of seats) members[seat.section]!.push(seat);
  return {
    left,
    top,
    width: most(xs) + spacing - left,
    height: most(ys) + spacing - top,
    spacing,
    sections: members.flatMap((section, no) =>
      section.length === 0
        ? []
        : [{ no, color: categories[section[0]!.category]!.color, corners: cornersOf(section) }],
    ),
  };
}

/** Along the first row, down the ends of the rows, back along the last, and up the other ends. */
function cornersOf(section: readonly SeatLayout[]): Point[] {
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
  ].map(({ x, y }) => ({ x, y }));
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

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
// Not by spreading: 50,000 arguments are too many for a call.
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
