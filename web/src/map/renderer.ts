import type { SeatMap } from '@evently/client';
import { AreaBlocks } from './area-blocks.js';
import { type Box, bounded, type Camera, fit, type Size, toView, zoomAt } from './camera.js';
import { Captions } from './captions.js';
import { readPalette, toCss } from './colors.js';
import { Looks } from './looks.js';
import { MiniMap } from './mini-map.js';
import type { Plan, Section } from './plan.js';
import { RowNames } from './row-names.js';
import { EVERYTHING, SeatFilter, type Wanted } from './seat-filter.js';
import { SeatTiles } from './seat-tiles.js';
import { SectionShapes } from './section-shapes.js';
import type { Selection } from './selection.js';
import { PlanShapes } from './shapes.js';

/** From this distance of neighbours on, in pixels, seats are drawn one by one, and sections as a whole below it. */
const SEATS_FROM = 4.5;
/** So many are always drawn one by one. */
const FEW_SEATS = 5_000;
const PICK_FROM = 6;
const LARGEST_SEAT = 46;
/** A finger means one seat from this distance of neighbours on. */
const TOUCH_FROM = 24;
const TOUCHED = 34;
/** At less than so many times the scale of the whole hall it is seen well enough without a mini map. */
const MINI_FROM = 1.6;
const MARGIN = 20;
/** Radius of a seat in distances of neighbours. */
const RADIUS = 0.44;
/** Sections tell how full they are this often at most. */
const SECTIONS_EVERY = 250;

/** Draws a hall on a canvas, only when something has changed. */
export class MapRenderer {
  camera: Camera = { scale: 1, left: 0, top: 0 };
  looks: Looks;
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d', { alpha: false })!;
  /** Pixels of the screen for one of the page. Beyond two nobody sees a difference. */
  private readonly density = Math.min(2, devicePixelRatio);
  private view: Size = { width: 1, height: 1 };
  /** Above and left of it nothing lies on the map. */
  private corner = { x: 1, y: 1 };
  private readonly tiles: SeatTiles;
  private readonly shapes: PlanShapes;
  private readonly sections: SectionShapes;
  private readonly captions: Captions;
  private readonly rows: RowNames;
  private readonly areas: AreaBlocks;
  private readonly mini: MiniMap | undefined;
  private pointed: number | undefined;
  private outlined: Section | undefined;
  /** Seats that are offered. */
  private proposed: readonly number[] = [];
  private frame = 0;
  private fullnessAt = 0;
  private fitted = true;
  /** It knows how large it is. */
  private placed = false;
  /** The first picture is marked, for measurements. */
  private drawn = false;

  /** Draws into `frame`, below what is there. */
  constructor(
    private readonly element: HTMLElement,
    readonly plan: Plan,
    private readonly map: SeatMap,
    private readonly selection: Selection,
    tellArea: (area: string) => string,
  ) {
    element.prepend(this.canvas);
    this.looks = this.looksWith(new SeatFilter(map, EVERYTHING));
    this.shapes = new PlanShapes(plan);
    this.tiles = new SeatTiles(plan, plan.spacing * RADIUS, this.density);
    this.sections = new SectionShapes(plan);
    this.captions = new Captions(plan);
    this.rows = new RowNames(plan);
    this.areas = new AreaBlocks(plan, map, selection, tellArea);
    if (plan.geometry.count > FEW_SEATS) this.mini = new MiniMap(plan, this.sections, this.density);
    this.color();
  }

  /** Reads the colours of the page and paints everything anew. */
  paint(): void {
    this.looks = this.looksWith(this.looks.filter);
    this.color();
  }

  /** Every seat, after the choice, the filter or the whole state has changed. */
  repaintSeats(): void {
    this.tiles.forget();
    this.fullnessAt = -SECTIONS_EVERY;
    this.draw();
  }

  /** Only these, and the seats that are shown because of them. */
  repaint(changed: Iterable<number>): void {
    this.tiles.repaint(this.looks.filter.around(changed), this.looks);
    this.draw();
  }

  /** The others become small. */
  showOnly(wanted: Wanted): void {
    this.looks = this.looksWith(new SeatFilter(this.map, wanted));
    this.repaintSeats();
  }

  /** @param corner the upper left one of the buttons, which lie on the lower right part of the view */
  resize(view: Size, corner: { x: number; y: number }): void {
    if (view.width === 0 || view.height === 0) return;
    this.view = view;
    this.corner = corner;
    this.placed = true;
    this.canvas.width = Math.round(view.width * this.density);
    this.canvas.height = Math.round(view.height * this.density);
    if (this.fitted) this.fit();
    else this.move(this.camera);
    // A canvas that was resized is empty until it is drawn on.
    this.drawNow();
  }

  fit(): void {
    this.move(this.whole);
  }

  move(camera: Camera): void {
    const { whole } = this;
    this.fitted = camera.scale <= whole.scale * 1.001;
    this.camera = this.fitted ? whole : bounded(camera, this.plan.box, this.view, this.scales);
    // At rest a finger scrolls the page.
    this.canvas.style.touchAction = this.fitted ? 'pan-y' : 'none';
    this.draw();
  }

  /** The whole hall is in view. */
  get rests(): boolean {
    return this.fitted;
  }

  pan(dx: number, dy: number): void {
    const { scale, left, top } = this.camera;
    this.move({ scale, left: left + dx, top: top + dy });
  }

  /** Closer to the chosen seats, else to the section that is nearest to the middle. */
  zoomIn(factor: number): void {
    const middle = { x: this.view.width / 2, y: this.view.height / 2 };
    const { scale, left, top } = this.camera;
    const aim = this.plan.nearest((middle.x - left) / scale, (middle.y - top) / scale, this.selection.seats);
    const seen = toView(this.camera, aim.x, aim.y);
    const moved = { scale, left: left + middle.x - seen.x, top: top + middle.y - seen.y };
    this.move(zoomAt(moved, middle, this.possible(factor)));
  }

  zoom(factor: number, at = { x: this.view.width / 2, y: this.view.height / 2 }, by = { x: 0, y: 0 }): void {
    const { scale, left, top } = this.camera;
    this.move(zoomAt({ scale, left: left + by.x, top: top + by.y }, at, this.possible(factor)));
  }

  /** At the end of the scale the map stands still. */
  private possible(factor: number): number {
    const [least, most] = this.scales;
    const { scale } = this.camera;
    return Math.min(most, Math.max(least, scale * factor)) / scale;
  }

  /** The whole hall, left of the buttons or above them: where it is larger. */
  private get whole(): Camera {
    const { plan, corner } = this;
    const { width, height } = this.view;
    const beside = fit(plan.box, { width: corner.x, height }, MARGIN);
    const above = fit(plan.box, { width, height: corner.y }, MARGIN);
    return beside.scale > above.scale ? beside : above;
  }

  /** The least and the most. */
  private get scales(): [number, number] {
    const { scale } = this.whole;
    return [scale, Math.max(scale, LARGEST_SEAT / this.plan.spacing)];
  }

  /** Fills the view with a part of the plan, close enough for single seats; `at` is in the middle when it does not fit. */
  show(box: Box, at?: { x: number; y: number }): void {
    const camera = fit(box, this.view, 2 * MARGIN);
    const enough = (SEATS_FROM * 1.6) / this.plan.spacing;
    if (camera.scale >= enough) this.move(camera);
    else this.center(at ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 }, enough);
  }

  /** Shows seats with their surroundings. */
  showSeats(seats: readonly number[]): void {
    const { x, y } = this.plan.geometry.seats;
    const [xs, ys] = [seats.map((n) => x[n]!), seats.map((n) => y[n]!)];
    const margin = this.plan.spacing * 6;
    const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
    this.show({
      x: left,
      y: top,
      width: Math.max(...xs) + margin - left,
      height: Math.max(...ys) + margin - top,
    });
  }

  /** Puts a place of the plan into the middle. */
  center({ x, y }: { x: number; y: number }, scale = this.camera.scale): void {
    this.move({ scale, left: this.view.width / 2 - x * scale, top: this.view.height / 2 - y * scale });
  }

  /** Whether a finger can mean one seat. If not, comes so close that the next can. */
  comesClose(at: { x: number; y: number }): boolean {
    if (this.plan.spacing * this.camera.scale >= TOUCH_FROM) return true;
    this.center(at, Math.min(this.scales[1], TOUCHED / this.plan.spacing));
    return false;
  }

  /** The place of the plan under a point of the mini map, while that is shown. */
  miniAt(x: number, y: number): { x: number; y: number } | undefined {
    return this.showsMini ? this.mini?.placeAt(this.view, x, y) : undefined;
  }

  private get showsMini(): boolean {
    return this.camera.scale > this.whole.scale * MINI_FROM;
  }

  get showsSeats(): boolean {
    return this.plan.geometry.count <= FEW_SEATS || this.plan.spacing * this.camera.scale >= SEATS_FROM;
  }

  /** Whether seats are large enough to mean one of them. */
  get canPick(): boolean {
    return this.showsSeats && this.plan.spacing * this.camera.scale >= PICK_FROM;
  }

  /** Rings a seat; undefined: none. */
  point(n: number | undefined): void {
    this.pointed = n;
    this.draw();
  }

  /** Draws a line around a section; undefined: around none. */
  outline(section: Section | undefined): void {
    this.outlined = section;
    this.draw();
  }

  /** Rings seats that are offered. */
  propose(seats: readonly number[]): void {
    this.proposed = seats;
    if (seats.length > 0) this.showSeats(seats);
    this.draw();
  }

  draw(): void {
    this.frame ||= requestAnimationFrame(() => this.drawNow());
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.frame = -1;
    this.canvas.remove();
  }

  private looksWith(filter: SeatFilter): Looks {
    return new Looks(this.plan, this.map, this.selection, readPalette(this.element), filter);
  }

  private color(): void {
    const { palette, colors } = this.looks;
    this.shapes.paint(palette);
    this.captions.paint(palette, colors);
    this.rows.paint(palette);
    this.areas.paint(palette);
    this.repaintSeats();
  }

  private drawNow(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.placed) return;
    const { context, camera, view, looks, density } = this;
    const { scale, left, top } = camera;
    const close = this.showsSeats;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.fillStyle = toCss(looks.palette.floor);
    context.fillRect(0, 0, view.width, view.height);
    context.setTransform(density * scale, 0, 0, density * scale, density * left, density * top);
    this.shapes.draw(context);
    if (!close || this.mini) this.paintSections();
    if (!close) {
      if (this.outlined) this.sections.outline(context, this.outlined, toCss(looks.palette.ink), scale);
      this.sections.draw(context);
    }
    if (this.pointed !== undefined) this.drawRing(this.pointed, 'ink');
    for (const n of this.proposed) this.drawRing(n, 'accent');
    context.setTransform(density, 0, 0, density, 0, 0);
    if (close && this.tiles.draw(context, camera, view, looks)) this.draw();
    this.areas.draw(context, camera, view);
    if (close) this.rows.draw(context, camera, view);
    this.captions.draw(context, camera, view, close);
    if (this.showsMini) this.mini?.draw(context, view, camera, looks.palette);
    if (!this.drawn) performance.mark('evently:map');
    this.drawn = true;
  }

  private paintSections(): void {
    if (performance.now() - this.fullnessAt < SECTIONS_EVERY) return;
    this.fullnessAt = performance.now();
    this.sections.paint(this.looks, this.map);
    this.mini?.paint(this.looks.palette);
  }

  private drawRing(n: number, color: 'ink' | 'accent'): void {
    const { geometry, spacing } = this.plan;
    const { context } = this;
    context.beginPath();
    context.arc(geometry.seats.x[n]!, geometry.seats.y[n]!, spacing * 0.55, 0, 2 * Math.PI);
    context.lineWidth = spacing * 0.12;
    context.strokeStyle = toCss(this.looks.palette[color]);
    context.stroke();
  }
}
