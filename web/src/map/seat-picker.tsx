import { SEAT_STATES, type SeatMap } from '@evently/client';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from '../i18n/index.js';
import { seatName } from '../place.js';
import { keep, kept } from '../storage.js';
import { useToast } from '../ui/toasts.js';
import { Areas } from './areas.js';
import { FilterRow } from './filter-row.js';
import { Legend, Prices } from './legend.js';
import { ListView } from './list-view.js';
import { MapCanvas } from './map-canvas.js';
import { Plan } from './plan.js';
import type { Limits } from './seat-filter.js';
import type { Selection } from './selection.js';
import { useChanges, useStatus } from './use-seat-map.js';

const KEY = 'evently.seats-as';
const BLOCKED = SEAT_STATES.indexOf('blocked');

/** The hall to choose from, as a map or as a list, with prices, marks and standing areas. */
export function SeatPicker({
  map,
  selection,
  currency,
  proposed,
  limits,
  setLimits,
}: {
  map: SeatMap;
  selection: Selection;
  currency: string;
  /** Seats that are offered, marked on the map. */
  proposed?: readonly number[] | undefined;
  limits: Limits;
  setLimits: (limits: Limits) => void;
}) {
  const { t } = useTranslation();
  const say = useToast();
  const plan = useMemo(() => new Plan(map.geometry), [map]);
  const [view, setView] = useState<'map' | 'list'>(kept(KEY) === 'list' ? 'list' : 'map');
  const [only, setOnly] = useState<number>();
  const [neighbours, setNeighbours] = useState<number>();
  const wanted = useMemo(() => ({ ...limits, category: only, neighbours }), [limits, only, neighbours]);
  useSyncExternalStore(selection.subscribe, () => selection.version);
  useChanges(map, () => false);

  useEffect(
    () =>
      map.on('change', ({ seats }) => {
        if (selection.holding) return;
        const gone = [...selection.seats].filter(
          (n) => (seats === 'all' || seats.includes(n)) && !map.isFree(n) && !selection.mine.has(n),
        );
        if (gone.length === 0) return;
        selection.lose(gone);
        say(t('choose.gone', { what: gone.map((n) => seatName(map.geometry, n)).join('; ') }));
      }),
    [map, selection, say, t],
  );

  const pick = (n: number) => {
    const chosen = selection.seats.has(n);
    if (!chosen && (!map.isFree(n) || map.priceOf(n) === undefined)) return;
    if (!selection.toggle(n)) say(t('choose.full'));
  };
  const show = (chosen: 'map' | 'list') => {
    keep(KEY, chosen);
    setView(chosen);
  };
  const parts = { plan, map, selection, currency, pick };
  return (
    <div className="picker stack">
      <div className="row spread">
        <fieldset className="switch">
          <legend className="spoken">{t('map.view')}</legend>
          <button type="button" aria-pressed={view === 'map'} onClick={() => show('map')}>
            {t('map.asMap')}
          </button>
          <button type="button" aria-pressed={view === 'list'} onClick={() => show('list')}>
            {t('map.asList')}
          </button>
        </fieldset>
        <Status map={map} />
      </div>
      {plan.geometry.count > 0 && (
        <>
          <Prices plan={plan} map={map} currency={currency} only={only} choose={setOnly} />
          <FilterRow
            map={map}
            wanted={wanted}
            currency={currency}
            limit={selection.limit}
            setLimits={setLimits}
            setNeighbours={setNeighbours}
          />
          {view === 'map' ? (
            <MapCanvas {...parts} wanted={wanted} proposed={proposed} cards />
          ) : (
            <ListView {...parts} wanted={wanted} />
          )}
          <Legend
            hasAccessible={plan.accessible.size > 0}
            blocked={map.states.includes(BLOCKED)}
            mine={selection.mine.size > 0}
          />
        </>
      )}
      <Areas map={map} selection={selection} currency={currency} />
    </div>
  );
}

function Status({ map }: { map: SeatMap }) {
  const { t } = useTranslation();
  const status = useStatus(map);
  return (
    <span className={status === 'live' ? 'live on' : 'live'} role="status">
      {t(`map.status.${status}`)}
    </span>
  );
}
