import type { Geometry } from '@evently/client';
import type { Box } from './camera.js';

export interface Row {
  readonly name: string;
  readonly seats: readonly number[];
}

export interface Section {
  readonly index: number;
  readonly name: string;
  readonly seats: readonly number[];
  readonly rows: readonly Row[];
  readonly box: Box;
  /** Corners of what it covers: x, y, x, y … */
  readonly outline: number[];
  /** The category of most of its seats. */
  readonly category: number;
}

const NEIGHBOURS_LOOKED_AT = 400;

/** The geometry of a hall made ready for drawing and pointing. */
export class Plan {
  readonly sections: readonly Section[];
  /** Usual distance of neighbours. */
  readonly spacing: number;
  readonly box: Box;
  readonly accessible: ReadonlySet<number>;
  private readonly grid = new Map<number, number[]>();
  private readonly cell: number;

  constructor(readonly geometry: Geometry) {
    const { sections, accessible } = geometry;
    const members: number[][] = sections.map(() => []);
    for (const [n, section] of geometry.seats.section.entries()) members[section]!.push(n);
    this.spacing = spacingOf(geometry);
    this.sections = members.map((seats, index) => sectionOf(geometry, index, seats, this.spacing));
    this.box = boxOf(geometry, this.spacing);
    this.accessible = new Set(accessible);
    this.cell = this.spacing * 3;
    const { x, y } = geometry.seats;
    for (let n = 0; n < geometry.count; n++) {
      const key = this.keyOf(x[n]!, y[n]!);
      const seats = this.grid.get(key);
      if (seats) seats.push(n);
      else this.grid.set(key, [n]);
    }
  }

  /** The nearest seat within `reach` of a point; undefined when there is none. */
  seatAt(px: number, py: number, reach: number): number | undefined {
    const { x, y } = this.geometry.seats;
    const far = Math.min(reach, this.cell);
    let best: number | undefined;
    let least = far * far;
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1])
        for (const n of this.grid.get(this.keyOf(px + dx * this.cell, py + dy * this.cell)) ?? []) {
          const distance = (x[n]! - px) ** 2 + (y[n]! - py) ** 2;
          if (distance > least) continue;
          least = distance;
          best = n;
        }
    return best;
  }

  /** Seats whose middle is in a part of the plan. */
  seatsIn({ x: left, y: top, width, height }: Box): number[] {
    const { x, y } = this.geometry.seats;
    return Array.from({ length: this.geometry.count }, (_, n) => n).filter(
      (n) => x[n]! >= left && x[n]! <= left + width && y[n]! >= top && y[n]! <= top + height,
    );
  }

  sectionAt(px: number, py: number): Section | undefined {
    return this.sections.find(
      ({ box, outline }) =>
        px >= box.x &&
        px <= box.x + box.width &&
        py >= box.y &&
        py <= box.y + box.height &&
        isInside(outline, px, py),
    );
  }

  private keyOf(x: number, y: number): number {
    return Math.floor(x / this.cell) * 65_536 + Math.floor(y / this.cell);
  }
}

/** The middle one of the distances between seats that follow each other in a row. */
function spacingOf({ count, seats: { x, y, row, section } }: Geometry): number {
  const distances: number[] = [];
  const step = Math.max(1, Math.floor(count / NEIGHBOURS_LOOKED_AT));
  for (let n = 1; n < count; n += step)
    if (row[n] === row[n - 1] && section[n] === section[n - 1])
      distances.push(Math.hypot(x[n]! - x[n - 1]!, y[n]! - y[n - 1]!));
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] || 24;
}

function sectionOf(geometry: Geometry, index: number, seats: number[], spacing: number): Section {
  const { row, category } = geometry.seats;
  const byRow = Map.groupBy(seats, (n) => row[n]!);
  const rows = [...byRow].map(([name, members]) => ({ name, seats: members }));
  const counts = Map.groupBy(seats, (n) => category[n]!);
  const [most] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  return {
    index,
    name: geometry.sections[index]!,
    seats,
    rows,
    box: around(geometry, seats, spacing),
    outline: outlineOf(geometry, rows),
    category: most?.[0] ?? 0,
  };
}

function around({ seats: { x, y } }: Geometry, seats: readonly number[], margin: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const n of seats) {
    left = Math.min(left, x[n]!);
    right = Math.max(right, x[n]!);
    top = Math.min(top, y[n]!);
    bottom = Math.max(bottom, y[n]!);
  }
  return {
    x: left - margin,
    y: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
}

/** What is used of the plan: documents often have wide margins. */
function boxOf(geometry: Geometry, margin: number): Box {
  if (geometry.count === 0) return { x: 0, y: 0, width: geometry.width, height: geometry.height };
  return around(
    geometry,
    Array.from({ length: geometry.count }, (_, n) => n),
    2 * margin,
  );
}

/** Along the first row, down the ends of the rows, back along the last, and up the other ends. */
function outlineOf({ seats: { x, y } }: Geometry, rows: readonly Row[]): number[] {
  if (rows.length === 0) return [];
  // Rows may be numbered from either side; ends that belong together are near each other.
  let side = rows[0]!.seats;
  const turned = rows.map(({ seats }) => {
    const near = Math.hypot(x[seats[0]!]! - x[side[0]!]!, y[seats[0]!]! - y[side[0]!]!);
    const far = Math.hypot(x[seats.at(-1)!]! - x[side[0]!]!, y[seats.at(-1)!]! - y[side[0]!]!);
    side = near <= far ? seats : [...seats].reverse();
    return side;
  });
  const first = turned[0]!;
  const last = turned.at(-1)!;
  const inner = turned.slice(1, -1);
  const corners = [
    ...first,
    ...inner.map((row) => row.at(-1)!),
    ...(turned.length > 1 ? [...last].reverse() : []),
    ...inner.map((row) => row[0]!).reverse(),
  ];
  return corners.flatMap((n) => [x[n]!, y[n]!]);
}

function isInside(outline: readonly number[], px: number, py: number): boolean {
  let inside = false;
  for (let i = 0, j = outline.length - 2; i < outline.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [outline[i]!, outline[i + 1]!, outline[j]!, outline[j + 1]!];
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
