/** All states but the first two are final; people who want to go on waiting join again, at the end of the line. */
export const ENTRY_STATES = [
  'waiting',
  'offered',
  'accepted',
  'declined',
  'expired',
  'left',
  'closed',
] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** Wish of a waitlist entry. Categories and areas are indexes into the plan's; null means any of them, empty none. */
export interface Wish {
  readonly quantity: number;
  readonly minQuantity: number;
  readonly together: boolean;
  readonly accessible: boolean;
  readonly categories: readonly number[] | null;
  readonly areas: readonly number[] | null;
  /** Highest price of one seat or place in minor units. */
  readonly maxPrice: number | null;
}

export type Price = number | null | undefined;

/** Whether a seat of this category and price would do. */
export function wantsSeat(wish: Wish, category: number, price: Price, accessible: boolean): boolean {
  if (wish.accessible && !accessible) return false;
  return (wish.categories?.includes(category) ?? true) && affords(wish, price);
}

/** Whether a place in this area at this price would do. */
export const wantsPlace = (wish: Wish, area: number, price: Price): boolean =>
  !wish.accessible && (wish.areas?.includes(area) ?? true) && affords(wish, price);

const affords = ({ maxPrice }: Wish, price: Price): boolean =>
  price !== null && price !== undefined && (maxPrice === null || price <= maxPrice);
