import type { SeatMap } from '@evently/client';
import type { ReactNode } from 'react';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { CrossIcon } from '../ui/icons.js';
import { AreaStepper } from './areas.js';
import { useNames } from './names.js';
import type { Plan } from './plan.js';
import type { Selection } from './selection.js';
import { useChanges } from './use-seat-map.js';

/** Names a seat before a finger chooses it. */
export function SeatCard({
  plan,
  map,
  selection,
  currency,
  n,
  pick,
  close,
}: {
  plan: Plan;
  map: SeatMap;
  selection: Selection;
  currency: string;
  n: number;
  pick: (n: number) => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames(plan, map, selection, currency);
  useChanges(map, (seats) => seats === 'all' || seats.includes(n));
  const chosen = selection.seats.has(n);
  const possible = chosen || (map.isFree(n) && map.priceOf(n) !== undefined);
  const choose = () => {
    pick(n);
    close();
  };
  return (
    <Card close={close}>
      <div className="grow">
        <strong>{names.seat(n)}</strong>
        <div className="small soft numbers">
          {names.price(n)}
          {!possible && ` · ${names.state(n)}`}
          {plan.accessible.has(n) && ` · ${t('map.seatAccessible')}`}
        </div>
      </div>
      {possible && (
        <Button look="main" onClick={choose}>
          {chosen ? t('map.unchoose') : t('map.choose')}
        </Button>
      )}
    </Card>
  );
}

/** How many places of an area. */
export function AreaCard({
  map,
  selection,
  currency,
  area,
  close,
}: {
  map: SeatMap;
  selection: Selection;
  currency: string;
  area: string;
  close: () => void;
}) {
  useChanges(map, () => false);
  return (
    <Card close={close}>
      <div className="grow">
        <strong>{area}</strong>
        <div className="small soft numbers">{money(map.priceOfArea(area) ?? 0, currency)}</div>
      </div>
      <AreaStepper map={map} selection={selection} area={area} />
    </Card>
  );
}

function Card({ close, children }: { close: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="map-card" role="status">
      {children}
      <Button look="quiet" className="icon" aria-label={t('app.close')} onClick={close}>
        <CrossIcon />
      </Button>
    </div>
  );
}
