export interface Point {
  x: number;
  y: number;
}

/** A gap wider than this many usual distances is an aisle: real halls have aisles inside of rows. */
const AISLE = 1.5;
const ROUNDING = 1 + 1e-9;

/**
 * The seats of a row in the order one walks along it. The document's order is kept where it is already a shortest way
 * (also along horseshoes and around tables); else, as with odd numbers first, the order along the row's main axis.
 */
export function orderRow<Seat extends Point>(seats: readonly Seat[]): Seat[] {
  const along = alongAxis(seats);
  return wayThrough(seats) <= wayThrough(along) * ROUNDING ? [...seats] : along;
}

/**
 * Number of the run of each seat of an ordered row, from 0. A run ends where the distance to the next seat is more
 * than 1.5 times the row's median distance (of two middle ones the smaller: three seats may have an aisle too).
 */
export function runsOf(seats: readonly Point[]): number[] {
  const gaps = gapsOf(seats);
  const widest = median(gaps.filter((gap) => gap > 0)) * AISLE;
  let run = 0;
  return seats.map((_, i) => {
    if (i > 0 && gaps[i - 1]! > widest * ROUNDING) run++;
    return run;
  });
}

function gapsOf(seats: readonly Point[]): number[] {
  return seats.slice(1).map((seat, i) => Math.hypot(seat.x - seats[i]!.x, seat.y - seats[i]!.y));
}

function wayThrough(seats: readonly Point[]): number {
  return gapsOf(seats).reduce((sum, gap) => sum + gap, 0);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}

/** Sorted by projection on the axis of greatest variance, pointing the way the document counts; ties keep their order. */
function alongAxis<Seat extends Point>(seats: readonly Seat[]): Seat[] {
  const mean = { x: average(seats.map(({ x }) => x)), y: average(seats.map(({ y }) => y)) };
  const centred = seats.map(({ x, y }) => ({ x: x - mean.x, y: y - mean.y }));
  const sum = (of: (point: Point, i: number) => number) =>
    centred.reduce((total, point, i) => total + of(point, i), 0);
  const angle =
    Math.atan2(
      2 * sum(({ x, y }) => x * y),
      sum(({ x, y }) => x * x - y * y),
    ) / 2;
  const axis = { x: Math.cos(angle), y: Math.sin(angle) };
  const project = ({ x, y }: Point) => x * axis.x + y * axis.y;
  const sense = sum((point, i) => project(point) * i) < 0 ? -1 : 1;
  return seats
    .map((seat, i) => ({ seat, at: sense * project(centred[i]!) }))
    .sort((a, b) => a.at - b.at)
    .map(({ seat }) => seat);
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
