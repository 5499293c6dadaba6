import type { SeatMap } from '@evently/client';
import { bounded, type Camera, fit, type Size, zoomAt } from './camera.js';
import { Captions } from './captions.js';
import { readPalette, toCss } from './colors.js';
import { Looks } from './looks.js';
import type { Plan } from './plan.js';
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
  private pointed: number | undefined;
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
  ) {
    this.canvas.setAttribute('aria-hidden', 'true');
    element.prepend(this.canvas);
    this.looks = new Looks(plan, map, selection, readPalette(element));
    this.shapes = new PlanShapes(plan);
    this.tiles = new SeatTiles(plan, plan.spacing * RADIUS, this.density);
    this.sections = new SectionShapes(plan);
    this.captions = new Captions(plan);
    this.color();
  }

  /** Reads the colours of the page and paints everything anew. */
  paint(): void {
    const { only } = this.looks;
    this.looks = new Looks(this.plan, this.map, this.selection, readPalette(this.element));
    this.looks.only = only;
    this.color();
  }

  /** Every seat, after the choice, the filter or the whole state has changed. */
  repaintSeats(): void {
    this.tiles.forget();
    this.sections.paint(this.looks, this.map);
    this.draw();
  }

  /** Only these. */
  repaint(changed: Iterable<number>): void {
    this.tiles.repaint(changed, this.looks);
    this.draw();
  }

  showOnly(category: number | undefined): void {
    this.looks.only = category;
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
    this.fitted = true;
  }

  move(camera: Camera): void {
    this.camera = bounded(camera, this.plan.box, this.view, this.scales);
    this.fitted = false;
    this.draw();
  }

  zoom(factor: number, at = { x: this.view.width / 2, y: this.view.height / 2 }): void {
    const [least, most] = this.scales;
    const { scale } = this.camera;
    // At the end of the scale the map stands still.
    this.move(zoomAt(this.camera, at, Math.min(most, Math.max(least, scale * factor)) / scale));
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
    return [scale * 0.8, Math.max(scale, LARGEST_SEAT / this.plan.spacing)];
  }

  /** Fills the view with a part of the plan, close enough for single seats. */
  show(box: { x: number; y: number; width: number; height: number }): void {
    const camera = fit(box, this.view, 2 * MARGIN);
    const enough = (SEATS_FROM * 1.6) / this.plan.spacing;
    this.move(
      camera.scale < enough
        ? zoomAt(camera, { x: this.view.width / 2, y: this.view.height / 2 }, enough / camera.scale)
        : camera,
    );
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

  draw(): void {
    this.frame ||= requestAnimationFrame(() => this.drawNow());
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.frame = -1;
    this.canvas.remove();
  }

  private color(): void {
    const { palette, colors } = this.looks;
    this.shapes.paint(palette);
    this.captions.paint(palette, colors);
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
    if (!close) this.drawSections();
    if (this.pointed !== undefined) this.drawRing(this.pointed);
    context.setTransform(density, 0, 0, density, 0, 0);
    if (close && this.tiles.draw(context, camera, view, looks)) this.draw();
    this.captions.draw(context, camera, view, close);
    if (!this.drawn) performance.mark('evently:map');
    this.drawn = true;
  }

  private drawSections(): void {
    if (performance.now() - this.fullnessAt >= SECTIONS_EVERY) {
      this.fullnessAt = performance.now();
      this.sections.paint(this.looks, this.map);
    }
    this.sections.draw(this.context);
  }

  private drawRing(n: number): void {
    const { geometry, spacing } = this.plan;
    const { context } = this;
    context.beginPath();
    context.arc(geometry.seats.x[n]!, geometry.seats.y[n]!, spacing * 0.55, 0, 2 * Math.PI);
    context.lineWidth = spacing * 0.12;
    context.strokeStyle = toCss(this.looks.palette.ink);
    context.stroke();
  }
}
