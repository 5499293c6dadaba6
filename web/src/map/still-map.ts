import { type Geometry, SeatMap } from '@evently/client';
import { useEffect, useRef, useState } from 'react';
import { client } from '../api.js';

export interface Prices {
  /** Minor units by the name of the category or area. */
  readonly categories: ReadonlyMap<string, number>;
  readonly areas: ReadonlyMap<string, number>;
}

/** A hall in which nobody buys, all seats free: a plan before its import, an event before its sale. */
export function useStillMap(geometry: Geometry | undefined, prices: Prices): SeatMap | undefined {
  const latest = useRef(prices);
  const [map, setMap] = useState<SeatMap>();
  useEffect(() => {
    setMap(undefined);
    if (!geometry) return;
    let gone = false;
    const made = new SeatMap('', sourceOf(geometry, latest), client.live);
    void made.load().then(() => !gone && setMap(made));
    return () => {
      gone = true;
    };
  }, [geometry]);
  useEffect(() => {
    latest.current = prices;
    void map?.load();
  }, [map, prices]);
  return map;
}

function sourceOf(
  geometry: Geometry,
  latest: { readonly current: Prices },
): ConstructorParameters<typeof SeatMap>[1] {
  const { count } = geometry;
  return {
    geometry: async () => geometry,
    states: async () => ({
      eventId: '',
      epoch: '',
      seq: 0,
      count,
      states: btoa('\0'.repeat(Math.ceil(count / 4))),
      sections: [],
      areas: geometry.areas.map(({ name, capacity }) => ({ area: name, capacity, held: 0, booked: 0 })),
      prices: {
        version: 0,
        categories: [...latest.current.categories].map(([category, price]) => ({ category, price })),
        areas: [...latest.current.areas].map(([area, price]) => ({ area, price })),
      },
    }),
    changes: async () => ({ eventId: '', epoch: '', from: 0, to: 0, changes: [], priceVersion: 0 }),
  };
}
