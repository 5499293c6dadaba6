import type { SeatMap } from '@evently/client';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
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
        {priced.map(([name]) => {
          const left = leftIn(map, name);
          return (
            <li key={name}>
              <div className="grow">
                <strong>{name}</strong>
                <div className="small soft numbers">
                  {money(map.priceOfArea(name)!, currency)} ·{' '}
                  {left > 0 ? t('map.areaFree', { count: left }) : t('map.areaFull')}
                </div>
              </div>
              <AreaStepper map={map} selection={selection} area={name} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** One more, one less. */
export function AreaStepper({ map, selection, area }: { map: SeatMap; selection: Selection; area: string }) {
  const { t } = useTranslation();
  const taken = selection.areas.get(area) ?? 0;
  return (
    <div className="stepper">
      <Button
        className="icon"
        aria-label={t('map.fewer', { area })}
        disabled={taken === 0}
        onClick={() => selection.setArea(area, taken - 1)}
      >
        <MinusIcon />
      </Button>
      <output className="numbers" aria-live="polite">
        {taken}
      </output>
      <Button
        className="icon"
        aria-label={t('map.further', { area })}
        disabled={taken >= leftIn(map, area) || selection.isFull}
        onClick={() => selection.setArea(area, taken + 1)}
      >
        <PlusIcon />
      </Button>
    </div>
  );
}

/** Places of an area that nobody holds or has bought. */
export function leftIn(map: SeatMap, area: string): number {
  const { capacity = 0, held = 0, booked = 0 } = map.areas.get(area) ?? {};
  return Math.max(0, capacity - held - booked);
}
