import type { Locale } from '../platform/common/locale.js';
import { formatPlace, type Place, type PlaceParts } from '../platform/common/places.js';

/** Name of a seat: unique within its plan, and in parts. */
export interface SeatName {
  readonly label: string;
  readonly parts: PlaceParts;
}

/** Place of an item as clients see it: one of `seat` and `area` is null. */
export interface NamedPlace {
  readonly seat: { n: number; label: string } | null;
  readonly area: string | null;
  readonly place: Place;
}

/** Names of an event's seats and areas, by number. */
export class PlaceNames {
  constructor(
    private readonly seatOf: (n: number) => SeatName,
    private readonly areas: readonly { readonly name: string }[],
  ) {}

  of(n: number | null, area: number | null, locale: Locale): NamedPlace {
    if (n === null) {
      const { name } = this.areas[area!]!;
      return { seat: null, area: name, place: { block: name, row: null, seat: null, text: name } };
    }
    const { label, parts } = this.seatOf(n);
    return { seat: { n, label }, area: null, place: { ...parts, text: formatPlace(parts, locale) } };
  }
}
