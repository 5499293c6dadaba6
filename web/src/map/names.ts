import type { SeatMap } from '@evently/client';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { seatInBlock, seatName } from '../place.js';
import type { Plan } from './plan.js';
import type { Selection } from './selection.js';

/** Names of the seats, for the screen and for screen readers. */
export function useNames(plan: Plan, map: SeatMap, selection: Selection, currency: string) {
  const { t } = useTranslation();
  const price = (n: number) => {
    const found = map.priceOf(n);
    return found === undefined ? t('map.unpriced') : money(found, currency);
  };
  const state = (n: number) =>
    selection.seats.has(n)
      ? t('map.states.chosen')
      : t(`map.states.${selection.mine.has(n) ? 'mine' : map.stateOf(n)}`);
  return {
    seat: (n: number) => seatName(plan.geometry, n),
    price,
    state,
    spoken: (n: number) =>
      [seatInBlock(plan.geometry, n), price(n), state(n), plan.accessible.has(n) && t('map.seatAccessible')]
        .filter(Boolean)
        .join(', '),
  };
}
