import type { SeatMap } from '@evently/client';
import type { Selection } from './selection.js';

/** Price of a choice, in minor units. */
export function totalOf(map: SeatMap, { seats, areas }: Selection): number {
  let total = 0;
  for (const n of seats) total += map.priceOf(n) ?? 0;
  for (const [area, quantity] of areas) total += quantity * (map.priceOfArea(area) ?? 0);
  return total;
}
