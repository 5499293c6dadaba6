/** Local time of an instant in a zone, in the form that a date and time input takes: `2027-09-04T19:00`. */
export function toLocal(iso: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const { year, month, day, hour, minute } = Object.fromEntries(
    format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The instant at which clocks in a zone show this; a time that they skip in spring is taken an hour later. */
export function toInstant(local: string, timeZone: string): string {
  const shown = Date.parse(`${local}Z`);
  const offsetAt = (at: number) => Date.parse(`${toLocal(new Date(at).toISOString(), timeZone)}Z`) - at;
  const near = shown - offsetAt(shown);
  return new Date(shown - offsetAt(near)).toISOString();
}

/** The day that it is in a zone now, moved by some days: `2027-09-04`. */
export function dayIn(timeZone: string, days = 0): string {
  const today = Date.parse(`${toLocal(new Date().toISOString(), timeZone).slice(0, 10)}T00:00Z`);
  return new Date(today + days * 86_400_000).toISOString().slice(0, 10);
}
