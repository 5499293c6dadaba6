import type { Geometry, SeatMap } from '@evently/client';
import { useMemo, useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { Prices } from '../../map/legend.js';
import { MapCanvas } from '../../map/map-canvas.js';
import { Plan } from '../../map/plan.js';
import { Selection } from '../../map/selection.js';
import { type Prices as PriceMap, useStillMap } from '../../map/still-map.js';
import { useChanges } from '../../map/use-seat-map.js';
import { Skeleton } from '../../ui/states.js';

/** The hall in the colours of its categories, with the prices as they are being typed. */
export function PricedHall(props: { geometry: Geometry; prices: PriceMap; currency: string }) {
  const { t } = useTranslation();
  const map = useStillMap(props.geometry, props.prices);
  if (props.geometry.count === 0) return <p className="soft">{t('desk.noSeats')}</p>;
  return map ? <Drawn map={map} currency={props.currency} /> : <Skeleton height="28rem" />;
}

function Drawn({ map, currency }: { map: SeatMap; currency: string }) {
  const plan = useMemo(() => new Plan(map.geometry), [map]);
  const nothing = useMemo(() => new Selection(0), []);
  const [only, setOnly] = useState<number>();
  const wanted = useMemo(() => ({ category: only }), [only]);
  useChanges(map);
  return (
    <div className="stack">
      <MapCanvas
        plan={plan}
        map={map}
        selection={nothing}
        currency={currency}
        wanted={wanted}
        pick={() => {}}
      />
      <Prices plan={plan} map={map} currency={currency} only={only} choose={setOnly} />
    </div>
  );
}
