import type { CSSProperties } from 'react';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import type { Limits } from './seat-filter.js';

interface Props {
  /** Prices that there are, the lowest first. */
  prices: readonly number[];
  currency: string;
  limits: Limits;
  change: (limits: Limits) => void;
}

/** A slider with two handles, each a field of its own for keyboard and screen reader; a step is the next price. */
export function PriceRange({ prices, currency, limits: { least, most }, change }: Props) {
  const { t } = useTranslation();
  const last = prices.length - 1;
  const found = prices.findIndex((price) => least === undefined || price >= least);
  const from = found < 0 ? last : found;
  const to = Math.max(
    from,
    prices.findLastIndex((price) => most === undefined || price <= most),
  );
  const set = (lower: number, upper: number) =>
    change({
      least: lower > 0 ? prices[lower] : undefined,
      most: upper < last ? prices[upper] : undefined,
    });
  const steps = { min: 0, max: last, step: 1 };
  const said = (at: number) => money(prices[at]!, currency);
  const share = (at: number) => `${(100 * at) / last}%`;
  return (
    <fieldset className="price-range" style={{ '--from': share(from), '--to': share(to) } as CSSProperties}>
      <legend className="spoken">{t('map.priceRange')}</legend>
      <span className="small numbers" aria-hidden="true">
        {from === to ? said(from) : `${said(from)} – ${said(to)}`}
      </span>
      <div>
        <input
          {...steps}
          type="range"
          value={from}
          // Where both handles are at the upper end only the lower one can still move.
          className={from === last ? 'above' : undefined}
          aria-label={t('map.priceFrom')}
          aria-valuetext={said(from)}
          onChange={({ target }) => set(Math.min(Number(target.value), to), to)}
        />
        <input
          {...steps}
          type="range"
          value={to}
          aria-label={t('map.priceTo')}
          aria-valuetext={said(to)}
          onChange={({ target }) => set(from, Math.max(Number(target.value), from))}
        />
      </div>
    </fieldset>
  );
}
