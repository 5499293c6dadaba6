import type { SeatMap } from '@evently/client';
import { useTranslation } from '../i18n/index.js';
import { PriceRange } from './price-range.js';
import { type Limits, SeatFilter, type Wanted } from './seat-filter.js';
import { useChanges } from './use-seat-map.js';

/** One of two prices is chosen in the legend. */
const PRICES_FOR_RANGE = 3;
const LARGEST_GROUP = 8;

interface Props {
  map: SeatMap;
  wanted: Wanted;
  currency: string;
  /** Most places in one booking. */
  limit: number;
  setLimits: (limits: Limits) => void;
  setNeighbours: (neighbours: number | undefined) => void;
}

/** Seats within a budget, and those with enough free ones side by side; the others are drawn small. */
export function FilterRow({ map, wanted, currency, limit, setLimits, setNeighbours }: Props) {
  const { t } = useTranslation();
  const prices = [
    ...new Set(map.geometry.categories.flatMap(({ name }) => map.priceOfCategory(name) ?? [])),
  ].sort((a, b) => a - b);
  const groups = Array.from({ length: Math.min(limit, LARGEST_GROUP) - 1 }, (_, i) => i + 2);
  return (
    <div className="seat-filters">
      {prices.length >= PRICES_FOR_RANGE && (
        <PriceRange prices={prices} currency={currency} limits={wanted} change={setLimits} />
      )}
      {groups.length > 0 && (
        <select
          className="chip"
          aria-label={t('map.neighbours')}
          value={wanted.neighbours ?? ''}
          onChange={({ target }) => setNeighbours(Number(target.value) || undefined)}
        >
          <option value="">{t('map.anyNeighbours')}</option>
          {groups.map((count) => (
            <option key={count} value={count}>
              {t('map.sideBySide', { count })}
            </option>
          ))}
        </select>
      )}
      <NoMatch map={map} wanted={wanted} />
    </div>
  );
}

/** Says so when no free seat is like what is looked for. */
function NoMatch({ map, wanted }: { map: SeatMap; wanted: Wanted }) {
  const { t } = useTranslation();
  useChanges(map);
  const filter = new SeatFilter(map, wanted);
  return (
    <div role="status">
      {filter.isOn && !filter.offersAny && <p className="notice warm">{t('map.noMatch')}</p>}
    </div>
  );
}
