import type { SeatMap } from '@evently/client';
import { type CSSProperties, useEffect, useEffectEvent, useRef, useState } from 'react';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { onThemeChange } from '../theme.js';
import { Button } from '../ui/button.js';
import { FitIcon, MinusIcon, PlusIcon } from '../ui/icons.js';
import { leftIn } from './areas.js';
import { type Box, toPlan } from './camera.js';
import { AreaCard, SeatCard } from './cards.js';
import { Gestures, type Point } from './gestures.js';
import type { Plan, Section } from './plan.js';
import { MapRenderer } from './renderer.js';
import { EVERYTHING, type Wanted } from './seat-filter.js';
import type { Selection } from './selection.js';
import { SeatTip, SectionTip } from './tips.js';

interface Props {
  plan: Plan;
  map: SeatMap;
  selection: Selection;
  currency: string;
  /** Seats that are looked for; the others are drawn small. The same object until that changes. */
  wanted?: Wanted;
  pick: (n: number) => void;
  /** Draws rectangles instead of moving: what to do with the seats of one. */
  sweep?: ((seats: number[]) => void) | undefined;
  /** Text shown first for the seat under the pointer, instead of its price. */
  tell?: ((n: number) => string) | undefined;
  /** A finger chooses on a card that names the seat first; areas have cards as well. */
  cards?: boolean;
  /** Seats that are offered: shown, and ringed. */
  proposed?: readonly number[] | undefined;
}

/** Within so many pixels of a seat a tap means it. */
const REACH = 16;
const STEP = 1.5;
/** Pixels that an arrow key moves the map. */
const STRIDE = 80;
const HINT_FOR = 2_000;
const NOTHING: readonly number[] = [];

type Card = { seat: number } | { area: string };

export function MapCanvas({
  plan,
  map,
  selection,
  currency,
  wanted = EVERYTHING,
  pick,
  sweep,
  tell,
  cards = false,
  proposed = NOTHING,
}: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const [renderer, setRenderer] = useState<MapRenderer>();
  const [pointed, setPointed] = useState<number>();
  const [over, setOver] = useState<Section>();
  const [card, setCard] = useState<Card>();
  const [hinted, setHinted] = useState<'no' | 'now' | 'done'>('no');
  const [drawnBox, setDrawnBox] = useState<Box>();

  const seatAt = (drawn: MapRenderer, x: number, y: number) => {
    const at = toPlan(drawn.camera, x, y);
    const reach = Math.max(plan.spacing * 0.6, REACH / drawn.camera.scale);
    return drawn.canPick ? plan.seatAt(at.x, at.y, reach) : undefined;
  };
  const tap = useEffectEvent((drawn: MapRenderer, { x, y }: Point, touched: boolean) => {
    const place = drawn.miniAt(x, y);
    if (place) return drawn.center(place);
    setCard(undefined);
    const at = toPlan(drawn.camera, x, y);
    const area = plan.areaAt(at.x, at.y);
    if (area) return cards && map.priceOfArea(area.name) !== undefined && setCard({ area: area.name });
    const n = seatAt(drawn, x, y);
    if (n !== undefined) {
      if (!cards || !touched) return pick(n);
      if (drawn.comesClose(at)) setCard({ seat: n });
      return;
    }
    if (drawn.canPick) return;
    const section = plan.sectionAt(at.x, at.y);
    setOver(undefined);
    if (section) drawn.show(section.box, at);
    else drawn.zoom(STEP * STEP, { x, y });
  });
  const hover = useEffectEvent((drawn: MapRenderer, x: number, y: number) => {
    setPointed(seatAt(drawn, x, y));
    const at = toPlan(drawn.camera, x, y);
    setOver(drawn.canPick ? undefined : plan.sectionAt(at.x, at.y));
  });
  const tellArea = useEffectEvent((area: string) => {
    const left = leftIn(map, area);
    return `${money(map.priceOfArea(area) ?? 0, currency)} · ${left > 0 ? t('map.areaFree', { count: left }) : t('map.areaFull')}`;
  });
  const rolledOver = useEffectEvent(() => setHinted((before) => (before === 'no' ? 'now' : before)));
  useEffect(() => {
    if (hinted !== 'now') return;
    const timer = setTimeout(() => setHinted('done'), HINT_FOR);
    return () => clearTimeout(timer);
  }, [hinted]);
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
    const marks = () => [...selection.seats, ...selection.lost, ...selection.mine];
    let shown = marks();
    const drawn = new MapRenderer(frame.current!, plan, map, selection, (area) => tellArea(area));
    const controls = buttons.current!;
    const sizes = new ResizeObserver(([entry]) => {
      const { offsetLeft: x, offsetTop: y } = controls;
      drawn.resize(entry!.contentRect, { x, y });
    });
    sizes.observe(frame.current!);
    const gestures = new Gestures(drawn.canvas, {
      move: (dx, dy) => drawn.pan(dx, dy),
      zoom: (factor, at, by) => drawn.zoom(factor, at, by),
      tap: (at, touched) => tap(drawn, at, touched),
      hover: (x, y) => hover(drawn, x, y),
      leave: () => {
        setPointed(undefined);
        setOver(undefined);
      },
      rests: () => drawn.rests,
      key: (key) => steer(drawn, key),
      rolledOver: () => rolledOver(),
      sweeps: () => sweeps(),
      sweep: (corners, ended) => swept(drawn, corners, ended),
    });
    const stops = [
      map.on('change', ({ seats, prices }) => {
        if (seats === 'all' || prices) drawn.repaintSeats();
        else drawn.repaint(seats);
        // Areas tell how much is left.
        drawn.draw();
      }),
      selection.subscribe(() => {
        const marked = marks();
        drawn.repaint(new Set([...shown, ...marked]));
        shown = marked;
      }),
      onThemeChange(() => drawn.paint()),
    ];
    drawn.canvas.tabIndex = 0;
    drawn.canvas.setAttribute('role', 'application');
    setRenderer(drawn);
    return () => {
      for (const stop of stops) stop();
      gestures.stop();
      sizes.disconnect();
      drawn.destroy();
    };
  }, [plan, map, selection]);

  useEffect(() => renderer?.canvas.setAttribute('aria-label', t('map.canvas')), [renderer, t]);
  useEffect(() => renderer?.showOnly(wanted), [renderer, wanted]);
  const ringed = card && 'seat' in card ? card.seat : pointed;
  useEffect(() => renderer?.point(ringed), [renderer, ringed]);
  useEffect(() => renderer?.outline(over), [renderer, over]);
  useEffect(() => renderer?.propose(proposed), [renderer, proposed]);

  return (
    <section
      className={sweep ? 'map-frame sweeping' : 'map-frame'}
      ref={frame}
      style={{ '--hall': plan.box.width / plan.box.height } as CSSProperties}
    >
      {renderer && over && <SectionTip map={map} currency={currency} section={over} renderer={renderer} />}
      {renderer && pointed !== undefined && (
        <SeatTip
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
        <Button className="icon" aria-label={t('map.zoomIn')} onClick={() => renderer?.zoomIn(STEP)}>
          <PlusIcon />
        </Button>
        <Button className="icon" aria-label={t('map.zoomOut')} onClick={() => renderer?.zoom(1 / STEP)}>
          <MinusIcon />
        </Button>
        <Button className="icon" aria-label={t('map.fit')} onClick={() => renderer?.fit()}>
          <FitIcon />
        </Button>
      </div>
      {hinted === 'now' && <p className="map-hint">{t('map.wheelHint')}</p>}
      {card && 'seat' in card && (
        <SeatCard
          plan={plan}
          map={map}
          selection={selection}
          currency={currency}
          n={card.seat}
          pick={pick}
          close={() => setCard(undefined)}
        />
      )}
      {card && 'area' in card && (
        <AreaCard
          map={map}
          selection={selection}
          currency={currency}
          area={card.area}
          close={() => setCard(undefined)}
        />
      )}
    </section>
  );
}

/** Zooms or moves the map by a key. False: the key means something else. */
function steer(drawn: MapRenderer, key: string): boolean {
  const keys: Record<string, () => void> = {
    '+': () => drawn.zoomIn(STEP),
    '=': () => drawn.zoomIn(STEP),
    '-': () => drawn.zoom(1 / STEP),
    0: () => drawn.fit(),
    // At rest the arrows scroll the page.
    ...(!drawn.rests && {
      ArrowLeft: () => drawn.pan(STRIDE, 0),
      ArrowRight: () => drawn.pan(-STRIDE, 0),
      ArrowUp: () => drawn.pan(0, STRIDE),
      ArrowDown: () => drawn.pan(0, -STRIDE),
    }),
  };
  keys[key]?.();
  return key in keys;
}

const boxOf = (a: Point, b: Point): Box => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});
