import type { SeatMap } from '@evently/client';
import { type CSSProperties, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onThemeChange } from '../theme.js';
import { Button } from '../ui/button.js';
import { FitIcon, MinusIcon, PlusIcon } from '../ui/icons.js';
import { type Box, toPlan, toView } from './camera.js';
import { Gestures, type Point } from './gestures.js';
import { useNames } from './names.js';
import type { Plan } from './plan.js';
import { MapRenderer } from './renderer.js';
import type { Selection } from './selection.js';
import { useChanges } from './use-seat-map.js';

interface Props {
  plan: Plan;
  map: SeatMap;
  selection: Selection;
  currency: string;
  only: number | undefined;
  pick: (n: number) => void;
  /** Draws rectangles instead of moving: what to do with the seats of one. */
  sweep?: ((seats: number[]) => void) | undefined;
  /** Text shown first for the seat under the pointer, instead of its price. */
  tell?: ((n: number) => string) | undefined;
}

/** Within so many pixels of a seat a tap means it. */
const REACH = 16;
const STEP = 1.5;

export function MapCanvas({ plan, map, selection, currency, only, pick, sweep, tell }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const [renderer, setRenderer] = useState<MapRenderer>();
  const [pointed, setPointed] = useState<number>();
  const [drawnBox, setDrawnBox] = useState<Box>();

  const seatAt = (drawn: MapRenderer, x: number, y: number) => {
    const at = toPlan(drawn.camera, x, y);
    const reach = Math.max(plan.spacing * 0.6, REACH / drawn.camera.scale);
    return drawn.canPick ? plan.seatAt(at.x, at.y, reach) : undefined;
  };
  const tap = useEffectEvent((drawn: MapRenderer, x: number, y: number) => {
    const n = seatAt(drawn, x, y);
    if (n !== undefined) return pick(n);
    if (drawn.canPick) return;
    const at = toPlan(drawn.camera, x, y);
    const section = plan.sectionAt(at.x, at.y);
    if (section) drawn.show(section.box);
    else drawn.zoom(STEP * STEP, { x, y });
  });
  const hover = useEffectEvent((drawn: MapRenderer, x: number, y: number) => setPointed(seatAt(drawn, x, y)));
  const sweeps = useEffectEvent(() => sweep !== undefined);
  const swept = useEffectEvent(
    (drawn: MapRenderer, corners: readonly [Point, Point] | undefined, ended: boolean) => {
      const box = corners && boxOf(...corners);
      setDrawnBox(ended ? undefined : box);
      if (!box || !ended) return;
      const { scale } = drawn.camera;
      const at = toPlan(drawn.camera, box.x, box.y);
      sweep?.(plan.seatsIn({ ...at, width: box.width / scale, height: box.height / scale }));
    },
  );

  useEffect(() => {
    let shown = [...selection.seats, ...selection.lost];
    const drawn = new MapRenderer(frame.current!, plan, map, selection);
    const controls = buttons.current!;
    const sizes = new ResizeObserver(([entry]) => {
      const { offsetLeft: x, offsetTop: y } = controls;
      drawn.resize(entry!.contentRect, { x, y });
    });
    sizes.observe(frame.current!);
    const gestures = new Gestures(drawn.canvas, {
      move: (dx, dy) => {
        const { scale, left, top } = drawn.camera;
        drawn.move({ scale, left: left + dx, top: top + dy });
      },
      zoom: (factor, at) => drawn.zoom(factor, at),
      tap: (x, y) => tap(drawn, x, y),
      hover: (x, y) => hover(drawn, x, y),
      leave: () => setPointed(undefined),
      sweeps: () => sweeps(),
      sweep: (corners, ended) => swept(drawn, corners, ended),
    });
    const stops = [
      map.on('change', ({ seats, prices }) => {
        if (seats === 'all' || prices) drawn.repaintSeats();
        else drawn.repaint(seats);
      }),
      selection.subscribe(() => {
        const marked = [...selection.seats, ...selection.lost];
        drawn.repaint(new Set([...shown, ...marked]));
        shown = marked;
      }),
      onThemeChange(() => drawn.paint()),
    ];
    setRenderer(drawn);
    return () => {
      for (const stop of stops) stop();
      gestures.stop();
      sizes.disconnect();
      drawn.destroy();
    };
  }, [plan, map, selection]);

  useEffect(() => renderer?.showOnly(only), [renderer, only]);
  useEffect(() => renderer?.point(pointed), [renderer, pointed]);

  return (
    <section
      className={sweep ? 'map-frame sweeping' : 'map-frame'}
      ref={frame}
      style={{ '--hall': plan.box.width / plan.box.height } as CSSProperties}
      aria-label={t('map.canvas')}
    >
      {renderer && pointed !== undefined && (
        <Tip
          plan={plan}
          map={map}
          selection={selection}
          currency={currency}
          n={pointed}
          renderer={renderer}
          tell={tell}
        />
      )}
      {drawnBox && (
        <div
          className="map-sweep"
          style={{ left: drawnBox.x, top: drawnBox.y, width: drawnBox.width, height: drawnBox.height }}
        />
      )}
      <div className="map-zoom" ref={buttons}>
        <Button className="icon" aria-label={t('map.zoomIn')} onClick={() => renderer?.zoom(STEP)}>
          <PlusIcon />
        </Button>
        <Button className="icon" aria-label={t('map.zoomOut')} onClick={() => renderer?.zoom(1 / STEP)}>
          <MinusIcon />
        </Button>
        <Button className="icon" aria-label={t('map.fit')} onClick={() => renderer?.fit()}>
          <FitIcon />
        </Button>
      </div>
    </section>
  );
}

/** Tip about the seat or area under the pointer. */
function Tip({
  plan,
  map,
  selection,
  currency,
  n,
  renderer,
  tell,
}: Omit<Props, 'only' | 'pick' | 'sweep'> & { n: number; renderer: MapRenderer }) {
  const { t } = useTranslation();
  const names = useNames(plan, map, selection, currency);
  useChanges(map, (seats) => seats === 'all' || seats.includes(n));
  const { x, y } = toView(renderer.camera, plan.geometry.seats.x[n]!, plan.geometry.seats.y[n]!);
  const below = y < 110;
  return (
    <div
      className={below ? 'map-tip below' : 'map-tip'}
      style={{ left: x, top: y + (below ? 1 : -1) * plan.spacing * renderer.camera.scale * 0.6 }}
    >
      <strong>{tell ? tell(n) : names.price(n)}</strong>
      <span>
        {names.section(n)} · {names.seat(n)}
      </span>
      <span>
        {names.state(n)}
        {plan.accessible.has(n) && ` · ${t('map.seatAccessible')}`}
      </span>
    </div>
  );
}

const boxOf = (a: Point, b: Point): Box => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});
