import 'pixi.js/unsafe-eval';
// Pixi fetches it by itself, a trip to the server later.
import 'pixi.js/browser';
import type { SeatMap } from '@evently/client';
import { Container, Graphics, WebGLRenderer } from 'pixi.js';
import { bounded, type Camera, fit, isSeen, type Size, zoomAt } from './camera.js';
import { Captions } from './captions.js';
import { readPalette, toNumber } from './colors.js';
import { Looks } from './looks.js';
import type { Plan } from './plan.js';
import { SeatShader } from './seat-shader.js';
import { SectionSeats } from './section-seats.js';
import { SectionShapes } from './section-shapes.js';
import type { Selection } from './selection.js';
import { drawShapes } from './shapes.js';

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

/** Draws a hall with WebGL, only when something has changed. */
export class MapRenderer {
  camera: Camera = { scale: 1, left: 0, top: 0 };
  looks: Looks;
  private view: Size = { width: 1, height: 1 };
  private readonly world = new Container();
  private readonly stage = new Container();
  private readonly seats: SectionSeats[];
  private readonly slots: Int32Array;
  private readonly shader = new SeatShader();
  private shapes = new Graphics();
  private readonly sections: SectionShapes;
  private readonly captions: Captions;
  private readonly ring = new Graphics();
  private frame = 0;
  private fullnessAt = 0;
  private fitted = true;
  /** It knows how large it is. */
  private placed = false;
  /** The first picture is marked, for measurements. */
  private drawn = false;

  private constructor(
    private readonly renderer: WebGLRenderer,
    readonly canvas: HTMLCanvasElement,
    readonly plan: Plan,
    private readonly map: SeatMap,
    private readonly selection: Selection,
  ) {
    this.looks = new Looks(plan, map, selection, readPalette(canvas.parentElement!));
    this.seats = plan.sections.map((section) => new SectionSeats(plan, section, this.shader.shader));
    this.slots = new Int32Array(plan.geometry.count);
    for (const { seats } of plan.sections) for (const [slot, n] of seats.entries()) this.slots[n] = slot;
    this.sections = new SectionShapes(plan);
    this.captions = new Captions(plan);
    this.ring.visible = false;
    this.world.addChild(
      this.shapes,
      this.sections.container,
      ...this.seats.map(({ mesh }) => mesh),
      this.ring,
    );
    this.stage.addChild(this.world, this.captions.container);
    this.paint();
  }

  /** Draws into `frame`. Errors: where the browser has no WebGL 2. */
  static async open(
    frame: HTMLElement,
    plan: Plan,
    map: SeatMap,
    selection: Selection,
  ): Promise<MapRenderer> {
    warmUp();
    const opening = surface!;
    surface = undefined;
    const { renderer, canvas } = await opening;
    frame.prepend(canvas);
    return new MapRenderer(renderer, canvas, plan, map, selection);
  }

  /** Reads the colours of the page and paints everything anew. */
  paint(): void {
    const { only } = this.looks;
    this.looks = new Looks(this.plan, this.map, this.selection, readPalette(this.canvas.parentElement!));
    this.looks.only = only;
    const { palette } = this.looks;
    this.renderer.background.color = toNumber(palette.floor);
    this.shader.paint(palette);
    const shapes = drawShapes(this.plan, palette);
    this.world.replaceChild(this.shapes, shapes);
    this.shapes.destroy();
    this.shapes = shapes;
    this.captions.paint(palette, this.looks.colors);
    this.ring
      .clear()
      .circle(0, 0, this.plan.spacing * 0.55)
      .stroke({ width: this.plan.spacing * 0.12, color: toNumber(palette.ink) });
    this.repaintSeats();
  }

  /** Every seat, after the choice, the filter or the whole state has changed. */
  repaintSeats(): void {
    for (const seats of this.seats) seats.paintAll(this.looks);
    this.sections.paint(this.looks, this.map);
    this.draw();
  }

  /** Only these. */
  repaint(changed: Iterable<number>): void {
    const { section } = this.plan.geometry.seats;
    for (const n of changed) this.seats[section[n]!]!.paint(this.slots[n]!, n, this.looks);
    this.draw();
  }

  showOnly(category: number | undefined): void {
    this.looks.only = category;
    this.repaintSeats();
  }

  resize(view: Size): void {
    if (view.width === 0 || view.height === 0) return;
    this.view = view;
    this.placed = true;
    this.renderer.resize(view.width, view.height);
    if (this.fitted) this.fit();
    else this.move(this.camera);
    // A canvas that was resized is empty until it is drawn on.
    this.drawNow();
  }

  fit(): void {
    this.move(fit(this.plan.box, this.view, MARGIN));
    this.fitted = true;
  }

  move(camera: Camera): void {
    const whole = fit(this.plan.box, this.view, MARGIN).scale;
    this.camera = bounded(camera, this.plan.box, this.view, [
      whole * 0.8,
      Math.max(whole, LARGEST_SEAT / this.plan.spacing),
    ]);
    this.fitted = false;
    this.draw();
  }

  zoom(factor: number, at = { x: this.view.width / 2, y: this.view.height / 2 }): void {
    this.move(zoomAt(this.camera, at, factor));
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
    this.ring.visible = n !== undefined;
    if (n !== undefined)
      this.ring.position.set(this.plan.geometry.seats.x[n]!, this.plan.geometry.seats.y[n]!);
    this.draw();
  }

  draw(): void {
    this.frame ||= requestAnimationFrame(() => this.drawNow());
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.frame = -1;
    this.stage.destroy({ children: true });
    this.renderer.destroy();
    this.canvas.remove();
  }

  private drawNow(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.placed) return;
    const { scale, left, top } = this.camera;
    this.world.position.set(left, top);
    this.world.scale.set(scale);
    const close = this.showsSeats;
    const radius = this.plan.spacing * RADIUS;
    this.shader.size(radius, radius * scale);
    for (const seats of this.seats) {
      seats.mesh.visible = close && isSeen(this.camera, seats.section.box, this.view);
      if (seats.mesh.visible) seats.upload();
    }
    this.sections.container.visible = !close;
    if (!close) this.showFullness();
    this.captions.place(this.camera, close);
    this.renderer.render({ container: this.stage });
    if (!this.drawn) performance.mark('evently:map');
    this.drawn = true;
  }

  private showFullness(): void {
    if (performance.now() - this.fullnessAt < SECTIONS_EVERY) return;
    this.fullnessAt = performance.now();
    this.sections.paint(this.looks, this.map);
  }
}

interface Surface {
  readonly canvas: HTMLCanvasElement;
  readonly renderer: WebGLRenderer;
}

let surface: Promise<Surface> | undefined;

/** Gets WebGL ready while the seats are still on their way: it takes as long as they do. */
export function warmUp(): void {
  surface ??= openSurface();
  surface.catch(() => {});
}

async function openSurface(): Promise<Surface> {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  const gl = canvas.getContext('webgl2', {
    antialias: false,
    alpha: false,
    stencil: true,
    powerPreference: 'high-performance',
  });
  if (!gl) throw new Error('no_webgl');
  const renderer = new WebGLRenderer();
  await renderer.init({
    canvas,
    context: gl,
    antialias: false,
    // Beyond two nobody sees a difference; without a graphics card every pixel costs.
    resolution: isSoftware(gl) ? 1 : Math.min(2, devicePixelRatio),
    autoDensity: true,
  });
  return { canvas, renderer };
}

/** Drawn by the processor: virtual machines, remote desktops, tests. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const details = gl.getExtension('WEBGL_debug_renderer_info');
  const name = details ? String(gl.getParameter(details.UNMASKED_RENDERER_WEBGL)) : '';
  return /swiftshader|llvmpipe|software/i.test(name);
}
