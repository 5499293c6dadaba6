import type { Geometry } from '@evently/client';
import { runsOf } from '../../../src/venues/row.rules.js';

const known = new WeakMap<Geometry, Int32Array>();

/** Seats next to each other have the same number, and numbers that follow each other. */
export function runsOfHall(geometry: Geometry): Int32Array {
  const runs = known.get(geometry) ?? findRuns(geometry);
  known.set(geometry, runs);
  return runs;
}

function findRuns({ count, seats }: Geometry): Int32Array {
  const runs = new Int32Array(count);
  let last = -1;
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && seats.row[to] === seats.row[from] && seats.section[to] === seats.section[from]) to++;
    const points = Array.from({ length: to - from }, (_, i) => ({
      x: seats.x[from + i]!,
      y: seats.y[from + i]!,
    }));
    const here = runsOf(points);
    here.forEach((run, i) => {
      if (i === 0 || run !== here[i - 1]) last++;
      runs[from + i] = last;
    });
    from = to;
  }
  return runs;
}
