import type { SeatMap } from '@evently/client';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Legend } from '../../map/legend.js';
import { ListView } from '../../map/list-view.js';
import { MapCanvas } from '../../map/map-canvas.js';
import { Plan } from '../../map/plan.js';
import { Selection } from '../../map/selection.js';
import { useChanges } from '../../map/use-seat-map.js';
import { Button } from '../../ui/button.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import type { Event } from './event-frame.js';

/** As many as the API takes at once. */
const MOST = 1_000;
const MODES = ['sweep', 'move', 'list'] as const;

/** Seats picked or swept on the map, taken out of the sale and brought back. */
export function Blocking({ event: { id, currency }, map }: { event: Event; map: SeatMap }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const plan = useMemo(() => new Plan(map.geometry), [map]);
  const selection = useMemo(() => new Selection(MOST), []);
  const [mode, setMode] = useState<(typeof MODES)[number]>('sweep');
  useSyncExternalStore(selection.subscribe, () => selection.version);
  useChanges(map);

  const can = (n: number) => map.stateOf(n) === 'free' || map.stateOf(n) === 'blocked';
  const chosen = [...selection.seats];
  const free = chosen.filter((n) => map.stateOf(n) === 'free');
  const blocked = chosen.filter((n) => map.stateOf(n) === 'blocked');
  const pick = (n: number) => {
    if (selection.seats.has(n) || can(n)) selection.toggle(n);
  };
  const sweep = (seats: number[]) => {
    if (!selection.choose(seats.filter(can))) say(t('desk.tooMany', { count: MOST }));
  };
  const change = (seats: number[], path: 'block' | 'unblock') =>
    run(async () => {
      const { changed } = await ok(
        api.POST(`/api/v1/events/{id}/seats/${path}`, { params: { path: { id } }, body: { seats } }),
      );
      selection.clear();
      forget('events', 'sales');
      say(t(path === 'block' ? 'desk.blocked' : 'desk.unblocked', { count: changed }));
    });
  const parts = { plan, map, selection, currency, pick };
  return (
    <div className="stack">
      <fieldset className="switch">
        <legend className="spoken">{t('map.view')}</legend>
        {MODES.map((name) => (
          <button key={name} type="button" aria-pressed={mode === name} onClick={() => setMode(name)}>
            {t(`desk.modes.${name}`)}
          </button>
        ))}
      </fieldset>
      {mode === 'list' ? (
        <ListView {...parts} can={can} />
      ) : (
        <MapCanvas {...parts} sweep={mode === 'sweep' ? sweep : undefined} />
      )}
      <Legend hasAccessible={plan.accessible.size > 0} blocked />
      <Fault error={error} />
      <div className="row">
        <span role="status">{t('desk.chosen', { count: chosen.length })}</span>
        <Button look="main" busy={busy} disabled={free.length === 0} onClick={() => change(free, 'block')}>
          {t('desk.block', { count: free.length })}
        </Button>
        <Button busy={busy} disabled={blocked.length === 0} onClick={() => change(blocked, 'unblock')}>
          {t('desk.unblock', { count: blocked.length })}
        </Button>
        <Button look="quiet" disabled={chosen.length === 0} onClick={() => selection.clear()}>
          {t('desk.clear')}
        </Button>
      </div>
    </div>
  );
}
