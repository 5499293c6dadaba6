import type { SeatMap } from '@evently/client';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { api, ok, Problem } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Legend } from '../../map/legend.js';
import { MapCanvas } from '../../map/map-canvas.js';
import { Plan } from '../../map/plan.js';
import { Selection } from '../../map/selection.js';
import { useStillMap } from '../../map/still-map.js';
import { Button } from '../../ui/button.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { AreaFields } from './area-fields.js';
import { type PlanDraft, previewOf } from './plan-file.js';
import { Problems } from './problems.js';

/** Shows what a file has, takes accessible seats and areas, and imports it. */
export function PlanReview({
  venueId,
  draft,
  done,
}: {
  venueId: string;
  draft: PlanDraft;
  done: () => void;
}) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const preview = useMemo(() => previewOf(draft.plan), [draft]);
  const [areas, setAreas] = useState(draft.areas);
  const accessible = useMemo(() => {
    const marked = new Selection(100_000);
    const numbers = new Map(preview?.guids.map((guid, n) => [guid, n]));
    marked.choose(draft.accessible.flatMap((guid) => numbers.get(guid) ?? []));
    return marked;
  }, [draft, preview]);
  const prices = useMemo(
    () => ({
      categories: new Map(preview?.geometry.categories.map(({ name }) => [name, 0])),
      areas: new Map(),
    }),
    [preview],
  );
  const map = useStillMap(preview?.geometry, prices);
  useSyncExternalStore(accessible.subscribe, () => accessible.version);

  const upload = () =>
    run(async () => {
      const guids = preview ? [...accessible.seats].map((n) => preview.guids[n]!) : [...draft.accessible];
      const { name } = await ok(
        api.POST('/api/v1/venues/{id}/seating-plans', {
          params: { path: { id: venueId } },
          body: { plan: draft.plan, accessible: guids, areas: [...areas] },
        }),
      );
      forget('venue');
      say(t('desk.imported', { name }));
      done();
    });
  return (
    <section className="card stack" aria-label={t('desk.preview')}>
      <h3>{t('desk.preview')}</h3>
      {map ? (
        <Drawn map={map} accessible={accessible} />
      ) : (
        !preview && <p className="notice warm">{t('desk.noPreview')}</p>
      )}
      <AreaFields areas={areas} change={setAreas} />
      {error instanceof Problem && error.errors.length > 0 ? (
        <Problems of={error} plan={draft.plan} />
      ) : (
        <Fault error={error} />
      )}
      <div className="row">
        <Button look="main" busy={busy} onClick={upload}>
          {t('desk.import')}
        </Button>
        <Button onClick={done}>{t('desk.otherFile')}</Button>
      </div>
    </section>
  );
}

function Drawn({ map, accessible }: { map: SeatMap; accessible: Selection }) {
  const { t } = useTranslation();
  const plan = useMemo(() => new Plan(map.geometry), [map]);
  const { geometry } = plan;
  const perCategory = Map.groupBy(geometry.seats.category, (category) => category);
  return (
    <>
      <p className="numbers">
        {t('desk.planSeats', { count: geometry.count })} ·{' '}
        {t('desk.accessibleCount', { count: accessible.seats.size })}
      </p>
      <p className="small soft">{t('desk.accessibleText')}</p>
      <MapCanvas
        plan={plan}
        map={map}
        selection={accessible}
        currency="EUR"
        pick={(n) => accessible.toggle(n)}
        tell={(n) => geometry.categories[geometry.seats.category[n]!]!.name}
      />
      <ul className="legend">
        {geometry.categories.map(({ name, color }, index) => (
          <li key={name}>
            <span className="dot" style={{ background: color }} />
            {name} <span className="numbers">{perCategory.get(index)?.length ?? 0}</span>
          </li>
        ))}
      </ul>
      <Legend hasAccessible={false} />
    </>
  );
}
