import type { Geometry } from '@evently/client';
import { formatPlace, type Place, seatParts } from '../../src/platform/common/places.js';
import { language } from './i18n/index.js';

/** `Block A, row 3, seat 12`, from the columns of the geometry. */
export const seatName = (geometry: Geometry, n: number): string =>
  formatPlace(partsOf(geometry, n), language());

/** `Row 3, seat 12`, where the block is known. */
export const seatInBlock = (geometry: Geometry, n: number): string =>
  formatPlace({ ...partsOf(geometry, n), block: null }, language());

/** Name of a bought place in the language of this page: `text` of the answer is in that of the account. */
export const placeName = ({ place }: { place: Place }): string => formatPlace(place, language());

const partsOf = (geometry: Geometry, n: number) => {
  const { section, row, number } = geometry.seats;
  return seatParts(geometry, section[n]!, row[n]!, number[n]!);
};
