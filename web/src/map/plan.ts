import type { Geometry } from '@evently/client';
import type { Box } from './camera.js';
import { boxOfShape, shapesOf } from './plan-shape.js';

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

/** Places without seats: a part of the drawing that has its name, or a block below the seats. */
export interface AreaBox {
  readonly name: string;
  readonly box: Box;
  /** The drawing shows it already. */
  readonly drawn: boolean;
}

const NEIGHBOURS_LOOKED_AT = 400;
/** Height of a block for an area, in shares of the hall's and in distances of neighbours at least. */
const AREA_HEIGHT = { share: 0.09, least: 4 };

/** The geometry of a hall made ready for drawing and pointing. */
export class Plan {
  readonly sections: readonly Section[];
  /** Usual distance of neighbours. */
  readonly spacing: number;
  readonly box: Box;
  readonly areas: readonly AreaBox[];
  readonly accessible: ReadonlySet<number>;
  private readonly cell: number;
  private made: Map<number, number[]> | undefined;

  constructor(readonly geometry: Geometry) {
    const { sections, accessible } = geometry;
    const members: number[][] = sections.map(() => []);
    // Plain loops: this runs once, before a browser has made anything of it fast.
    const { section } = geometry.seats;
    for (let n = 0; n < geometry.count; n++) members[section[n]!]!.push(n);
    this.spacing = spacingOf(geometry);
    this.sections = members.map((seats, index) => sectionOf(geometry, index, seats, this.spacing));
    const seated = boxOf(geometry, this.sections, this.spacing);
    this.areas = areasOf(geometry, seated, this.spacing);
    this.box = this.areas.map(({ box }) => box).reduce(around, seated);
    this.accessible = new Set(accessible);
    this.cell = this.spacing * 3;
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
    const [right, bottom] = [left + width, top + height];
    const found: number[] = [];
    for (let px = this.startOf(left); px < right + this.cell / 2; px += this.cell)
      for (let py = this.startOf(top); py < bottom + this.cell / 2; py += this.cell)
        for (const n of this.grid.get(this.keyOf(px, py)) ?? [])
          if (x[n]! >= left && x[n]! <= right && y[n]! >= top && y[n]! <= bottom) found.push(n);
    return found;
  }

  areaAt(px: number, py: number): AreaBox | undefined {
    return this.areas.find(
      ({ box }) => px >= box.x && px <= box.x + box.width && py >= box.y && py <= box.y + box.height,
    );
  }

  /** The nearest point of interest: the middle of these seats, or the nearest section when there are none. */
  nearest(px: number, py: number, seats: ReadonlySet<number>): { x: number; y: number } {
    const { x, y } = this.geometry.seats;
    if (seats.size > 0) {
      const middle = (of: readonly number[]) => [...seats].reduce((sum, n) => sum + of[n]!, 0) / seats.size;
      return { x: middle(x), y: middle(y) };
    }
    if (this.sectionAt(px, py)) return { x: px, y: py };
    let least = Infinity;
    let best = { x: px, y: py };
    for (const { box, outline, seats: members } of this.sections) {
      if (members.length === 0) continue;
      const inside = {
        x: Math.min(box.x + box.width, Math.max(box.x, px)),
        y: Math.min(box.y + box.height, Math.max(box.y, py)),
      };
      const distance = Math.hypot(inside.x - px, inside.y - py);
      if (distance >= least) continue;
      least = distance;
      const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      const n = members[members.length >> 1]!;
      best = isInside(outline, middle.x, middle.y) ? middle : { x: x[n]!, y: y[n]! };
    }
    return best;
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

  /** Seats by cell, made when single seats are looked for first. */
  private get grid(): Map<number, number[]> {
    if (this.made) return this.made;
    this.made = new Map();
    const { x, y } = this.geometry.seats;
    for (let n = 0; n < this.geometry.count; n++) {
      const key = this.keyOf(x[n]!, y[n]!);
      const seats = this.made.get(key);
      if (seats) seats.push(n);
      else this.made.set(key, [n]);
    }
    return this.made;
  }

  /** The middle of the cell in which a coordinate is. */
  private startOf(at: number): number {
    return (Math.floor(at / this.cell) + 0.5) * this.cell;
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
  const { x, y, row, category } = geometry.seats;
  const rows = new Map<string, number[]>();
  const counts: number[] = geometry.categories.map(() => 0);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let name: string | undefined;
  let mates: number[] = [];
  for (let at = 0; at < seats.length; at++) {
    const n = seats[at]!;
    if (row[n] !== name) {
      name = row[n]!;
      mates = rows.get(name) ?? [];
      rows.set(name, mates);
    }
    mates.push(n);
    counts[category[n]!]!++;
    const px = x[n]!;
    const py = y[n]!;
    if (px < left) left = px;
    if (px > right) right = px;
    if (py < top) top = py;
    if (py > bottom) bottom = py;
  }
  const named = Array.from(rows, ([label, members]) => ({ name: label, seats: members }));
  return {
    index,
    name: geometry.sections[index]!,
    seats,
    rows: named,
    box: boxFrom(left, top, right, bottom, spacing),
    outline: outlineOf(geometry, named),
    category: Math.max(0, counts.indexOf(Math.max(...counts))),
  };
}

const boxFrom = (left: number, top: number, right: number, bottom: number, margin: number): Box => ({
  x: left - margin,
  y: top - margin,
  width: right - left + 2 * margin,
  height: bottom - top + 2 * margin,
});

/** Box of the plan that holds seats: documents often have wide margins. */
function boxOf({ count, width, height }: Geometry, sections: readonly Section[], margin: number): Box {
  if (count === 0) return { x: 0, y: 0, width, height };
  const boxes = sections.filter(({ seats }) => seats.length > 0).map(({ box }) => box);
  return boxFrom(
    Math.min(...boxes.map(({ x }) => x)),
    Math.min(...boxes.map(({ y }) => y)),
    Math.max(...boxes.map((box) => box.x + box.width)),
    Math.max(...boxes.map((box) => box.y + box.height)),
    margin,
  );
}

function around(one: Box, other: Box): Box {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

/** Where the drawing has a part with an area's name, that is the area. The others stand in a line below the seats. */
function areasOf(geometry: Geometry, seated: Box, spacing: number): AreaBox[] {
  const drawn = new Map(
    shapesOf(geometry).flatMap((shape) =>
      shape.text && shape.kind !== 'text' ? [[shape.text.text.trim(), boxOfShape(shape)] as const] : [],
    ),
  );
  const missing = geometry.areas.filter(({ name }) => !drawn.has(name));
  const height = Math.max(seated.height * AREA_HEIGHT.share, spacing * AREA_HEIGHT.least);
  const pitch = seated.width / Math.max(1, missing.length);
  const below = (name: string): Box => ({
    x: seated.x + missing.findIndex((area) => area.name === name) * pitch + spacing / 2,
    y: seated.y + seated.height + spacing / 2,
    width: pitch - spacing,
    height,
  });
  return geometry.areas.map(({ name }) => ({
    name,
    box: drawn.get(name) ?? below(name),
    drawn: drawn.has(name),
  }));
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
