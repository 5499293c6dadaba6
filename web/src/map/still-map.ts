import { type Geometry, SeatMap } from '@evently/client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { client, type Schemas } from '../api.js';

export interface Prices {
  /** Minor units by the name of the category or area. */
  readonly categories: ReadonlyMap<string, number>;
  readonly areas: ReadonlyMap<string, number>;
}

type States = Schemas['SeatStates'];

/** A hall in which nobody buys, all seats free: a plan before its import, an event before its sale. */
export function useStillMap(geometry: Geometry | undefined, prices: Prices): SeatMap | undefined {
  const states = useMemo(() => geometry && allFree(geometry, prices), [geometry, prices]);
  return useFixedMap(geometry, states);
}

/** A hall in states that nothing changes but the caller. Undefined until both are there. */
export function useFixedMap(geometry: Geometry | undefined, states: States | undefined): SeatMap | undefined {
  const latest = useRef(states);
  const [map, setMap] = useState<SeatMap>();
  const ready = states !== undefined;
  // Before the map is made: it reads the latest states at once.
  useEffect(() => {
    if (!states) return;
    latest.current = states;
    void map?.load();
  }, [map, states]);
  useEffect(() => {
    setMap(undefined);
    if (!geometry || !ready) return;
    let gone = false;
    const made = new SeatMap('', sourceOf(geometry, latest as { current: States }), client.live);
    void made.load().then(() => !gone && setMap(made));
    return () => {
      gone = true;
    };
  }, [geometry, ready]);
  return map;
}

/** Each look is an epoch of its own: a map takes an older state of the same epoch for one that comes late. */
let looks = 0;

function sourceOf(
  geometry: Geometry,
  latest: { readonly current: States },
): ConstructorParameters<typeof SeatMap>[1] {
  return {
    geometry: async () => geometry,
    states: async () => ({ ...latest.current, epoch: `${++looks}` }),
    changes: async () => ({ eventId: '', epoch: '', from: 0, to: 0, changes: [], priceVersion: 0 }),
  };
}

function allFree({ count, areas }: Geometry, prices: Prices): States {
  return {
    eventId: '',
    epoch: '',
    seq: 0,
    count,
    states: btoa('\0'.repeat(Math.ceil(count / 4))),
    sections: [],
    areas: areas.map(({ name, capacity }) => ({ area: name, capacity, held: 0, booked: 0 })),
    prices: {
      version: 0,
      categories: [...prices.categories].map(([category, price]) => ({ category, price })),
      areas: [...prices.areas].map(([area, price]) => ({ area, price })),
    },
  };
}
