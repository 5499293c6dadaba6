import type { Geometry } from '@evently/client';
import { toDecimal, toMinorUnits } from '../../../../src/platform/common/currencies.js';
import type { Schemas } from '../../api.js';
import type { Prices } from '../../map/still-map.js';

type Tier = Schemas['PriceTiersInput']['priceTiers'][number];

/** A category or area of the hall with what it costs, as it is being typed. */
export interface PriceRow {
  readonly kind: 'category' | 'area';
  /** Name of the category or area. */
  readonly of: string;
  /** Name of the tier. */
  readonly name: string;
  /** Major units; empty: not for sale. */
  readonly price: string;
}

export function rowsOf(geometry: Geometry, { priceTiers, currency }: Schemas['Event']): PriceRow[] {
  const row = (kind: PriceRow['kind'], of: string): PriceRow => {
    const tier = priceTiers.find((one) => one[kind] === of);
    return { kind, of, name: tier?.name ?? of, price: tier ? toDecimal(tier.price, currency) : '' };
  };
  return [
    ...geometry.categories.map(({ name }) => row('category', name)),
    ...geometry.areas.map(({ name }) => row('area', name)),
  ];
}

const sold = (rows: readonly PriceRow[]) => rows.filter(({ price }) => price !== '');

export const tiersOf = (rows: readonly PriceRow[], currency: string): Tier[] =>
  sold(rows).map(({ kind, of, name, price }) => ({ name, price: toMinorUnits(price, currency), [kind]: of }));

export function pricesOf(rows: readonly PriceRow[], currency: string): Prices {
  const priced = (kind: PriceRow['kind']) =>
    new Map(
      sold(rows).flatMap((row) => (row.kind === kind ? [[row.of, toMinorUnits(row.price, currency)]] : [])),
    );
  return { categories: priced('category'), areas: priced('area') };
}

/** Row that a problem of the API is about: the API counts the tiers that were sent. */
export function faultOf(row: PriceRow, rows: readonly PriceRow[], faults: Record<string, string>) {
  const at = sold(rows).indexOf(row);
  const found = Object.entries(faults).find(
    ([path]) => at >= 0 && (path === `priceTiers.${at}` || path.startsWith(`priceTiers.${at}.`)),
  );
  return found?.[1];
}
