import type { Geometry, SeatMap } from '@evently/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { api, ok, type Schemas } from '../../api.js';
import { longDate, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Legend } from '../../map/legend.js';
import { MapCanvas } from '../../map/map-canvas.js';
import { Plan } from '../../map/plan.js';
import { Selection } from '../../map/selection.js';
import { useFixedMap } from '../../map/still-map.js';
import { useChanges } from '../../map/use-seat-map.js';
import { Field } from '../../ui/field.js';
import { Failure, Skeleton } from '../../ui/states.js';
import type { Event } from '../events/event-frame.js';
import { geometryQuery } from '../queries.js';
import { toInstant, toLocal } from '../zoned.js';
import { ByCategory } from './by-category.js';

const STEPS = 200;

const pastQuery = (id: string, at: string) => ({
  queryKey: ['seats', id, 'at', at],
  queryFn: () => ok(api.GET('/api/v1/events/{id}/seats', { params: { path: { id }, query: { at } } })),
  // Past states do not change.
  staleTime: Number.POSITIVE_INFINITY,
  placeholderData: keepPreviousData,
});

/** The seats of an event as they were at a moment of its sale. */
export function PastHall({ event }: { event: Event & { publishedAt: string } }) {
  const { t } = useTranslation();
  const { id, timezone } = event;
  const first = Date.parse(event.publishedAt) + 1;
  const [last] = useState(() => Math.min(Date.now() - 1_000, Date.parse(event.endsAt)));
  const [moment, setMoment] = useState(last);
  const at = new Date(useDeferredValue(moment)).toISOString();
  const geometry = useQuery(geometryQuery(event));
  const past = useQuery(pastQuery(id, at));
  const map = useFixedMap(geometry.data, past.data);
  const choose = (ms: number) => Number.isFinite(ms) && setMoment(Math.min(Math.max(ms, first), last));
  const fault = geometry.error ?? past.error;
  return (
    <section className="card stack" aria-labelledby="past">
      <div className="stack tight">
        <h2 id="past">{t('sales.past')}</h2>
        <p className="soft">{t('sales.pastText')}</p>
      </div>
      <div className="row end wrap">
        <Field
          label={t('sales.moment')}
          type="datetime-local"
          value={toLocal(new Date(moment).toISOString(), timezone)}
          min={toLocal(new Date(first).toISOString(), timezone)}
          max={toLocal(new Date(last).toISOString(), timezone)}
          onChange={({ target }) => target.value && choose(Date.parse(toInstant(target.value, timezone)))}
        />
        <input
          className="grow"
          type="range"
          aria-label={t('sales.moment')}
          aria-valuetext={longDate(at, timezone)}
          min={0}
          max={STEPS}
          value={Math.round(((moment - first) / Math.max(1, last - first)) * STEPS)}
          onChange={({ target }) => choose(first + ((last - first) * Number(target.value)) / STEPS)}
        />
      </div>
      {fault ? <Failure error={fault} retry={() => past.refetch()} /> : null}
      {past.data && <Counts states={past.data} />}
      {map ? (
        <>
          <Drawn map={map} currency={event.currency} geometry={map.geometry} />
          <ByCategory map={map} currency={event.currency} />
        </>
      ) : (
        !fault && <Skeleton height="28rem" />
      )}
    </section>
  );
}

function Counts({ states: { sections, areas } }: { states: Schemas['SeatStates'] }) {
  const { t } = useTranslation();
  const seats = (state: 'free' | 'held' | 'booked' | 'blocked') =>
    sections.reduce((sum, section) => sum + section[state], 0);
  const places = (of: (area: (typeof areas)[number]) => number) =>
    areas.reduce((sum, area) => sum + of(area), 0);
  return (
    <p role="status" className="numbers">
      {t('sales.pastCounts', {
        booked: number(seats('booked') + places(({ booked }) => booked)),
        held: number(seats('held') + places(({ held }) => held)),
        free: number(seats('free') + places(({ capacity, held, booked }) => capacity - held - booked)),
        blocked: number(seats('blocked')),
      })}
    </p>
  );
}

function Drawn({ map, currency, geometry }: { map: SeatMap; currency: string; geometry: Geometry }) {
  const plan = useMemo(() => new Plan(geometry), [geometry]);
  const nothing = useMemo(() => new Selection(0), []);
  useChanges(map);
  if (geometry.count === 0) return null;
  return (
    <>
      <MapCanvas plan={plan} map={map} selection={nothing} currency={currency} pick={() => {}} />
      <Legend hasAccessible={plan.accessible.size > 0} blocked />
    </>
  );
}
