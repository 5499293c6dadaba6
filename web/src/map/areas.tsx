import type { SeatMap } from '@evently/client';
import { useTranslation } from 'react-i18next';
import { money } from '../format.js';
import { Button } from '../ui/button.js';
import { MinusIcon, PlusIcon } from '../ui/icons.js';
import type { Selection } from './selection.js';
import { useChanges } from './use-seat-map.js';

/** Places without seats, by quantity. */
export function Areas({
  map,
  selection,
  currency,
}: {
  map: SeatMap;
  selection: Selection;
  currency: string;
}) {
  const { t } = useTranslation();
  useChanges(map, () => false);
  const priced = [...map.areas].filter(([name]) => map.priceOfArea(name) !== undefined);
  if (priced.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="areas">
      <h3 id="areas">{t('map.areas')}</h3>
      <ul className="areas">
        {priced.map(([name, { capacity, held, booked }]) => {
          const left = Math.max(0, capacity - held - booked);
          const taken = selection.areas.get(name) ?? 0;
          return (
            <li key={name}>
              <div className="grow">
                <strong>{name}</strong>
                <div className="small soft numbers">
                  {money(map.priceOfArea(name)!, currency)} ·{' '}
                  {left > 0 ? t('map.areaFree', { count: left }) : t('map.areaFull')}
                </div>
              </div>
              <div className="stepper">
                <Button
                  className="icon"
                  aria-label={t('map.fewer', { area: name })}
                  disabled={taken === 0}
                  onClick={() => selection.setArea(name, taken - 1)}
                >
                  <MinusIcon />
                </Button>
                <output className="numbers" aria-live="polite">
                  {taken}
                </output>
                <Button
                  className="icon"
                  aria-label={t('map.further', { area: name })}
                  disabled={taken >= left || selection.isFull}
                  onClick={() => selection.setArea(name, taken + 1)}
                >
                  <PlusIcon />
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
