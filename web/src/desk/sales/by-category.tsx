import { SEAT_STATES, type SeatMap } from '@evently/client';
import { money, number, percent } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { useChanges } from '../../map/use-seat-map.js';
import { TableScroll } from '../../ui/table-scroll.js';

type State = (typeof SEAT_STATES)[number];

interface Line extends Record<State, number> {
  readonly name: string;
  /** Undefined: not for sale. */
  readonly price: number | undefined;
}

/** Places by category and area with their prices, the dearest first, as they are on a map. */
function linesOf(map: SeatMap): Line[] {
  const { categories, count, seats } = map.geometry;
  const lines = categories.map(({ name }): Line => {
    const price = map.priceOfCategory(name);
    return { name, price, free: 0, held: 0, booked: 0, blocked: 0 };
  });
  for (let n = 0; n < count; n++) lines[seats.category[n]!]![map.stateOf(n)]++;
  for (const [name, { capacity, held, booked }] of map.areas)
    lines.push({
      name,
      price: map.priceOfArea(name),
      free: capacity - held - booked,
      held,
      booked,
      blocked: 0,
    });
  return lines
    .filter((line) => SEAT_STATES.some((state) => line[state] > 0))
    .sort((a, b) => (b.price ?? -1) - (a.price ?? -1));
}

/** How well each category sells at its price. */
export function ByCategory({ map, currency }: { map: SeatMap; currency: string }) {
  const { t } = useTranslation();
  useChanges(map);
  return (
    <TableScroll label={t('sales.byCategory')}>
      <table className="table numbers">
        <thead>
          <tr>
            <th scope="col">{t('sales.category')}</th>
            <th scope="col">{t('sales.price')}</th>
            <th scope="col">{t('sales.sold')}</th>
            <th scope="col">{t('sales.held')}</th>
            <th scope="col">{t('sales.free')}</th>
            <th scope="col">{t('sales.blocked')}</th>
            <th scope="col">{t('sales.utilization')}</th>
          </tr>
        </thead>
        <tbody>
          {linesOf(map).map(({ name, price, free, held, booked, blocked }) => {
            const sellable = free + held + booked;
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{price === undefined ? t('map.unpriced') : money(price, currency)}</td>
                <td>{number(booked)}</td>
                <td>{number(held)}</td>
                <td>{number(free)}</td>
                <td>{number(blocked)}</td>
                <td>{sellable === 0 ? '–' : percent(booked / sellable)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableScroll>
  );
}
