import type { SeatMap } from '@evently/client';
import type { ReactNode } from 'react';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { toView } from './camera.js';
import { useNames } from './names.js';
import type { Plan, Section } from './plan.js';
import type { MapRenderer } from './renderer.js';
import type { Selection } from './selection.js';
import { useChanges } from './use-seat-map.js';

/** Pixels that a tip needs above its place. */
const ROOM = 110;

/** About the seat under the pointer. */
export function SeatTip({
  plan,
  map,
  selection,
  currency,
  n,
  renderer,
  tell,
}: {
  plan: Plan;
  map: SeatMap;
  selection: Selection;
  currency: string;
  n: number;
  renderer: MapRenderer;
  tell?: ((n: number) => string) | undefined;
}) {
  const { t } = useTranslation();
  const names = useNames(plan, map, selection, currency);
  useChanges(map, (seats) => seats === 'all' || seats.includes(n));
  const { x, y } = toView(renderer.camera, plan.geometry.seats.x[n]!, plan.geometry.seats.y[n]!);
  return (
    <Tip x={x} y={y} away={plan.spacing * renderer.camera.scale * 0.6}>
      <strong>{tell ? tell(n) : names.price(n)}</strong>
      <span>{names.seat(n)}</span>
      <span>
        {names.state(n)}
        {plan.accessible.has(n) && ` · ${t('map.seatAccessible')}`}
      </span>
    </Tip>
  );
}

/** About the section under the pointer: where it is, what it costs, what is left. */
export function SectionTip({
  map,
  currency,
  section,
  renderer,
}: {
  map: SeatMap;
  currency: string;
  section: Section;
  renderer: MapRenderer;
}) {
  const { t } = useTranslation();
  useChanges(map);
  const { box, seats, name } = section;
  const { x, y } = toView(renderer.camera, box.x + box.width / 2, box.y);
  const { free, from } = offerOf(seats, map);
  return (
    <Tip x={x} y={y} away={0}>
      <strong>{name}</strong>
      {from !== undefined && <span>{t('map.from', { price: money(from, currency) })}</span>}
      <span>{free > 0 ? t('map.sectionFree', { count: free }) : t('map.sectionFull')}</span>
    </Tip>
  );
}

/** Free seats that are for sale, and the lowest of their prices. */
export function offerOf(seats: readonly number[], map: SeatMap): { free: number; from: number | undefined } {
  let free = 0;
  let from: number | undefined;
  for (const n of seats) {
    if (!map.isFree(n)) continue;
    const price = map.priceOf(n);
    if (price === undefined) continue;
    free++;
    if (from === undefined || price < from) from = price;
  }
  return { free, from };
}

function Tip({ x, y, away, children }: { x: number; y: number; away: number; children: ReactNode }) {
  const below = y < ROOM;
  return (
    <div className={below ? 'map-tip below' : 'map-tip'} style={{ left: x, top: y + (below ? away : -away) }}>
      {children}
    </div>
  );
}
