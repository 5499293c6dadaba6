const HOUR_MS = 3_600_000;
/** Length of an event of which nothing else is known. */
const LENGTH_MS = 2 * HOUR_MS;
/** Doors open so long before the start. */
const DOORS_MS = HOUR_MS;

/** Local time of a place, in the form that a date and time input takes: `2027-09-04T19:00`. */
type Local = string;

const read = (local: Local): number => Date.parse(`${local}Z`);
const write = (at: number): Local => new Date(at).toISOString().slice(0, 16);

interface Times {
  readonly endsAt: Local;
  readonly doorsAt: Local;
}

/**
 * End and doors after another start was chosen: they keep their distance from it. Where there was none the end is two hours later,
 * and for a new event the doors open an hour before.
 */
export function timesFor(start: Local, before: Local, { endsAt, doorsAt }: Times, isNew: boolean): Times {
  const [from, to] = [read(before), read(start)];
  if (Number.isNaN(to)) return { endsAt, doorsAt };
  const moved = (time: Local) => (time && !Number.isNaN(from) ? write(read(time) + to - from) : time);
  return {
    endsAt: endsAt ? moved(endsAt) : write(to + LENGTH_MS),
    doorsAt: doorsAt || !isNew ? moved(doorsAt) : write(to - DOORS_MS),
  };
}
