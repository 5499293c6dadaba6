import type { SeatMap } from '@evently/client';
import {
  BestPicker,
  type Hall,
  type Pick,
  type Wish,
} from '../../../src/inventory/holds/best-available.rules.js';
import { runsOfHall } from '../map/runs.js';

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
    run: runsOfHall(map.geometry),
    accessible: marked,
    prices: categories.map(({ name }) => map.priceOfCategory(name) ?? null),
    isOpen: (n) => map.isFree(n) && !refused.has(n),
  };
}
