interface Handlers {
  move(dx: number, dy: number): void;
  /** @param by how far the point moves meanwhile */
  zoom(factor: number, at: Point, by?: Point): void;
  tap(at: Point, touched: boolean): void;
  hover(x: number, y: number): void;
  leave(): void;
  /** Whether the whole hall is in view: one finger and the wheel are the page's then. */
  rests(): boolean;
  /** The wheel was turned over a map at rest. */
  rolledOver(): void;
  /** @returns whether the key meant the map */
  key(key: string): boolean;
  /** Whether one pointer draws a rectangle now, instead of moving the map. */
  sweeps(): boolean;
  /** From corner to corner, until the pointer is lifted; without corners: it is not to be. */
  sweep(corners: readonly [Point, Point] | undefined, ended: boolean): void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A pointer that moves less than this, in pixels, has tapped. */
const STILL = 6;
const WHEEL = 0.0016;
/** Some wheels report lines instead of pixels. */
const LINE = 33;

/** Mouse, pen, fingers and wheel over the map, as what they mean. */
export class Gestures {
  private readonly down = new Map<number, Point>();
  private began: Point | undefined;
  private moved = false;
  private swept: readonly [Point, Point] | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly handlers: Handlers,
  ) {
    const { signal } = this.stopping;
    element.addEventListener('pointerdown', (event) => this.press(event), { signal });
    element.addEventListener('pointermove', (event) => this.drag(event), { signal });
    for (const kind of ['pointerup', 'pointercancel'] as const)
      element.addEventListener(kind, (event) => this.lift(event), { signal });
    element.addEventListener('pointerleave', () => handlers.leave(), { signal });
    element.addEventListener('keydown', (event) => this.key(event), { signal });
    element.addEventListener('wheel', (event) => this.roll(event), { signal, passive: false });
  }

  stop(): void {
    this.stopping.abort();
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    const at = this.pointOf(event);
    this.down.set(event.pointerId, at);
    if (this.down.size === 1) {
      this.began = at;
      this.moved = false;
    } else this.moved = true;
  }

  private drag(event: PointerEvent): void {
    const at = this.pointOf(event);
    const before = this.down.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') this.handlers.hover(at.x, at.y);
      return;
    }
    if (!this.moved && this.began && distance(at, this.began) < STILL) return;
    if (!this.moved) {
      this.moved = true;
      this.handlers.leave();
    }
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      this.swept = undefined;
      this.handlers.sweep(undefined, true);
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      const factor = distance(at, other) / Math.max(1, distance(before, other));
      this.handlers.zoom(factor, middle, { x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 });
    } else if (this.handlers.sweeps() && this.began) {
      this.swept = [this.began, at];
      this.handlers.sweep(this.swept, false);
    } else if (!this.handlers.rests()) this.handlers.move(at.x - before.x, at.y - before.y);
    this.down.set(event.pointerId, at);
  }

  private lift(event: PointerEvent): void {
    const wasDown = this.down.delete(event.pointerId);
    if (this.swept) this.handlers.sweep(event.type === 'pointerup' ? this.swept : undefined, true);
    this.swept = undefined;
    if (!wasDown || this.moved || event.type === 'pointercancel') return;
    this.handlers.tap(this.pointOf(event), event.pointerType === 'touch');
  }

  private roll(event: WheelEvent): void {
    this.handlers.leave();
    const meant = event.ctrlKey || event.metaKey;
    if (!meant && this.handlers.rests()) return this.handlers.rolledOver();
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE : event.deltaY;
    // A trackpad's pinch comes as a wheel with the control key, in smaller steps.
    const power = event.ctrlKey ? 6 : 1;
    this.handlers.zoom(Math.exp(-pixels * WHEEL * power), this.pointOf(event));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.handlers.key(event.key)) event.preventDefault();
  }

  private pointOf(event: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
