import type { SeatMap } from '@evently/client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { client } from '../api.js';

const SOON = 60;

interface Loading {
  readonly map: SeatMap | undefined;
  readonly error: unknown;
  retry(): void;
}

interface Begun {
  readonly map: SeatMap;
  readonly loaded: Promise<unknown>;
  done: boolean;
}

function begin(eventId: string): Begun {
  const map = client.seatMap(eventId);
  const begun: Begun = {
    map,
    loaded: map.load().then(() => {
      begun.done = true;
    }),
    done: false,
  };
  // The component that waits for the promise shows the error.
  begun.loaded.catch(() => {});
  return begun;
}

let ahead: Begun | undefined;

/** Begins to load while the code of the page is still on its way. */
export function loadAhead(eventId: string): void {
  ahead = begin(eventId);
}

const aheadOf = (eventId: string) => (ahead?.map.eventId === eventId ? ahead : undefined);

/** The seats of an event, followed for as long as the page is there. `wanted`: false for drafts, which have none. */
export function useSeatMap(eventId: string, wanted = true): Loading {
  const [map, setMap] = useState(() => (aheadOf(eventId)?.done ? ahead?.map : undefined));
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt loads again
  useEffect(() => {
    if (!wanted) return;
    const { map: loading, loaded, done } = aheadOf(eventId) ?? begin(eventId);
    ahead = undefined;
    let gone = false;
    if (!done) setMap(undefined);
    setError(undefined);
    loaded.then(
      () => {
        if (!gone) setMap(loading.watch());
      },
      (thrown) => !gone && setError(thrown),
    );
    return () => {
      gone = true;
      loading.close();
    };
  }, [eventId, attempt, wanted]);
  return { map, error, retry: () => setAttempt((now) => now + 1) };
}

/** Counts the changes of a map, so that what shows it is shown anew; some times a second at most. */
export function useChanges(
  map: SeatMap,
  matters: (seats: readonly number[] | 'all') => boolean = () => true,
): number {
  const [version, setVersion] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `matters` is made anew with each rendering
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = map.on('change', ({ seats, areas, prices }) => {
      if (!areas && !prices && !matters(seats)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((now) => now + 1);
      }, SOON);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [map]);
  return version;
}

export const useStatus = (map: SeatMap): SeatMap['status'] =>
  useSyncExternalStore(
    (listener) => map.on('status', listener),
    () => map.status,
  );

/** Names of the categories for sale in which no seat is free now. */
export function useScarce(map: SeatMap): string[] {
  useChanges(map);
  const { categories, count, seats } = map.geometry;
  const free = new Uint8Array(categories.length);
  for (let n = 0; n < count; n++) if (map.isFree(n)) free[seats.category[n]!] = 1;
  return categories.flatMap(({ name }, i) =>
    free[i] === 0 && map.priceOfCategory(name) !== undefined ? [name] : [],
  );
}

const isSoldOut = (map: SeatMap): boolean =>
  !map.hasFreeSeats &&
  [...map.areas.values()].every(({ capacity, held, booked }) => held + booked >= capacity);

/** True when nothing is left, for now. */
export const useSoldOut = (map: SeatMap): boolean =>
  useSyncExternalStore(
    (listener) => map.on('change', listener),
    () => isSoldOut(map),
  );
