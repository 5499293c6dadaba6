import type { Locale } from './locale.js';

/** Name of a seat in its parts; that of a general-admission area is its `block`. */
export interface PlaceParts {
  readonly block: string | null;
  readonly row: string | null;
  readonly seat: string | null;
}

/** Name of a place, in its parts and as people read it. */
export interface Place extends PlaceParts {
  readonly text: string;
}

/** Names of the zones of a plan. */
interface Zones {
  readonly sections: readonly string[];
  readonly unnamed?: number | undefined;
}

/** Space at which no line ends. */
export const NO_BREAK_SPACE = '\u00a0';

const WORDS: Record<Locale, { readonly row: string; readonly seat: string }> = {
  en: { row: 'row', seat: 'seat' },
  de: { row: 'Reihe', seat: 'Platz' },
};

/**
 * Parts of a seat's name. The zone without a name of its own is left out, unless it is all that there is.
 * @param section index of the zone
 */
export function seatParts(
  { sections, unnamed }: Zones,
  section: number,
  rowName: string,
  seatNumber: string,
): PlaceParts {
  const row = rowName.trim() || null;
  const seat = seatNumber.trim() || null;
  const hasOtherName = row !== null || seat !== null;
  return { block: section === unnamed && hasOtherName ? null : sections[section]!, row, seat };
}

/**
 * The parts that there are, as people read them: `Block E, row 10, seat 7`.
 * @param space between a word and its number
 */
export function formatPlace({ block, row, seat }: PlaceParts, locale: Locale, space = ' '): string {
  const words = WORDS[locale];
  const named = [row && words.row + space + row, seat && words.seat + space + seat]
    .filter(Boolean)
    .join(', ');
  if (block) return named ? `${block}, ${named}` : block;
  return named.charAt(0).toUpperCase() + named.slice(1);
}
