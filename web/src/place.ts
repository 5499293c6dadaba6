import type { Geometry } from '@evently/client';
import { formatPlace, type Place, seatParts } from '../../src/platform/common/places.js';
import { language } from './i18n/index.js';

/** `Block A, row 3, seat 12`, from the columns of the geometry. */
export const seatName = (geometry: Geometry, n: number): string =>
  formatPlace(partsOf(geometry, n), language());

/** `Row 3, seat 12`, where the block is known. */
export const seatInBlock = (geometry: Geometry, n: number): string =>
  formatPlace({ ...partsOf(geometry, n), block: null }, language());

interface Named {
  readonly place?: Place;
  readonly seat: { readonly label: string } | null;
  readonly area: string | null;
}

/**
 * Name of a bought place in the language of this page: `text` of the answer is in that of the account. Answers of the
 * release before, and those kept for repeated requests, have only labels.
 */
export const placeName = ({ place, seat, area }: Named): string =>
  place ? formatPlace(place, language()) : (seat?.label ?? area ?? '');

const partsOf = (geometry: Geometry, n: number) => {
  const { section, row, number } = geometry.seats;
  return seatParts(geometry, section[n]!, row[n]!, number[n]!);
};
