import type { SeatMap } from '@evently/client';
import type { ReactNode } from 'react';
import { NO_BREAK_SPACE } from '../../../src/platform/common/places.js';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { useDark } from '../theme.js';
import { fromHex, onGround, toCss } from './colors.js';
import type { Plan } from './plan.js';

/** As in `tokens.css`. */
const LIGHT = { floor: fromHex('#fbfaf7'), taken: fromHex('#a4a7ae') };
const DARK = { floor: fromHex('#16191c'), taken: fromHex('#5f656f') };

const Mark = ({ children }: { children: ReactNode }) => (
  <svg viewBox="-1.1 -1.1 2.2 2.2" width="18" height="18" aria-hidden="true">
    {children}
  </svg>
);
const CROSS = 'M-.4-.4.4.4M-.4.4.4-.4';

/** Meaning of the marks, drawn as the map draws them. */
export function Legend({
  hasAccessible,
  blocked = false,
  mine = false,
}: {
  hasAccessible: boolean;
  blocked?: boolean;
  /** Somebody has places already. */
  mine?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <ul className="legend" aria-label={t('map.legend')}>
      <li>
        <Mark>
          <circle r=".88" fill="currentColor" />
        </Mark>
        {t('map.states.free')}
      </li>
      <li>
        <Mark>
          <rect x="-.98" y="-.98" width="1.96" height="1.96" rx=".3" fill="var(--accent)" />
          <path d="M-.46.04-.12.4.5-.38" fill="none" stroke="var(--on-accent)" strokeWidth=".28" />
        </Mark>
        {t('map.states.chosen')}
      </li>
      {mine && (
        <li>
          <Mark>
            <rect x="-.98" y="-.98" width="1.96" height="1.96" rx=".3" fill="var(--accent)" />
            <circle r=".36" fill="var(--on-accent)" />
          </Mark>
          {t('map.states.mine')}
        </li>
      )}
      <li>
        <Mark>
          <circle r=".7" fill="none" stroke="currentColor" strokeWidth=".34" />
        </Mark>
        {t('map.states.held')}
      </li>
      <li>
        <Mark>
          <path d={CROSS} stroke="var(--ink-soft)" strokeWidth=".3" />
        </Mark>
        {t('map.states.booked')}
      </li>
      {blocked && (
        <li>
          <Mark>
            <path d="M-.5 0h1" stroke="var(--ink-soft)" strokeWidth=".34" />
          </Mark>
          {t('map.states.blocked')}
        </li>
      )}
      {hasAccessible && (
        <li>
          <Mark>
            <path
              d="M-.88-.88h1.76v1.76h-1.76zM0-.24a.24.24 0 1 0 .01 0z"
              fill="currentColor"
              fillRule="evenodd"
            />
          </Mark>
          {t('map.accessible')}
        </li>
      )}
    </ul>
  );
}

/** Categories with their colours and prices; one of them can be shown alone. */
export function Prices({
  plan,
  map,
  currency,
  only,
  choose,
}: {
  plan: Plan;
  map: SeatMap;
  currency: string;
  only: number | undefined;
  choose: (category: number | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="chips line">
      <legend className="spoken">{t('map.prices')}</legend>
      {plan.geometry.categories.map(({ name, color }, index) => {
        const price = map.priceOfCategory(name);
        if (price === undefined) return null;
        return (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={only === index}
            // With plain spaces, as the words that are seen are compared.
            aria-label={`${name}, ${money(price, currency).replace(NO_BREAK_SPACE, ' ')}. ${t('map.only', { category: name })}`}
            onClick={() => choose(only === index ? undefined : index)}
          >
            <ColorDot color={color} />
            {name} <span className="numbers soft">{money(price, currency)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

/** Colour of a category as the map draws it on the ground of the moment. */
export function ColorDot({ color }: { color: string }) {
  const ground = useDark() ? DARK : LIGHT;
  return <span className="dot" style={{ background: toCss(onGround(fromHex(color), ground)) }} />;
}
