import type { Geometry, SeatMap } from '@evently/client';
import { useTranslation } from 'react-i18next';
import { money } from '../format.js';
import type { Plan } from './plan.js';
import type { Selection } from './selection.js';

/** Names of the seats, for the screen and for screen readers. */
export function useNames(plan: Plan, map: SeatMap, selection: Selection, currency: string) {
  const { t } = useTranslation();
  const { seats, sections } = plan.geometry;
  const price = (n: number) => {
    const found = map.priceOf(n);
    return found === undefined ? t('map.unpriced') : money(found, currency);
  };
  const state = (n: number) =>
    selection.seats.has(n)
      ? t('map.states.chosen')
      : t(`map.states.${selection.mine.has(n) ? 'mine' : map.stateOf(n)}`);
  return {
    section: (n: number) => sections[seats.section[n]!]!,
    seat: (n: number) => t('map.seat', { row: seats.row[n]!, seat: seats.number[n]! }),
    price,
    state,
    spoken: (n: number) =>
      [
        t('map.seatSpoken', { row: seats.row[n]!, seat: seats.number[n]!, price: price(n), state: state(n) }),
        plan.accessible.has(n) && t('map.seatAccessible'),
      ]
        .filter(Boolean)
        .join(', '),
  };
}

/** `Block A, row 3, seat 12`, from the columns of the geometry. */
export function useSeatName(): (geometry: Geometry, n: number) => string {
  const { t } = useTranslation();
  return ({ seats, sections }, n) =>
    `${sections[seats.section[n]!]!} · ${t('map.seat', { row: seats.row[n]!, seat: seats.number[n]! })}`;
}
