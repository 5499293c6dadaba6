import type { SeatMap } from '@evently/client';
import {
  BestPicker,
  type Hall,
  type Pick,
  type Wish,
} from '../../../src/inventory/holds/best-available.rules.js';
import { runsOf } from '../../../src/venues/row.rules.js';

/** The seats that the server's own rule for the best ones finds in the map, without those that were refused before. */
export const propose = (map: SeatMap, wish: Wish, refused: ReadonlySet<number>): Pick =>
  new BestPicker(hallOf(map, refused)).find(wish);

function hallOf(map: SeatMap, refused: ReadonlySet<number>): Hall {
  const { count, seats, accessible, categories } = map.geometry;
  const marked = new Uint8Array(count);
  for (const n of accessible) marked[n] = 1;
  return {
    count,
    category: Uint8Array.from(seats.category),
    run: runsOfHall(map),
    accessible: marked,
    prices: categories.map(({ name }) => map.priceOfCategory(name) ?? null),
    isOpen: (n) => map.isFree(n) && !refused.has(n),
  };
}

/** Seats next to each other have the same number. */
function runsOfHall({ geometry: { count, seats } }: SeatMap): Int32Array {
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
