import { type Box, type Camera, fit, type Size, toPlan, toView } from './camera.js';
import { type Palette, toCss } from './colors.js';
import type { Plan } from './plan.js';
import type { SectionShapes } from './section-shapes.js';

const SIDE = 132;
const GAP = 8;

/** The whole hall in a corner, with a frame around what is in view. A tap on it goes there. */
export class MiniMap {
  private readonly canvas = document.createElement('canvas');
  private readonly size: Size;
  private readonly camera: Camera;

  constructor(
    plan: Plan,
    private readonly sections: SectionShapes,
    private readonly density: number,
  ) {
    const shape = plan.box.width / plan.box.height;
    this.size = { width: SIDE * Math.min(1, shape), height: SIDE / Math.max(1, shape) };
    this.camera = fit(plan.box, this.size, 4);
    this.canvas.width = this.size.width * density;
    this.canvas.height = this.size.height * density;
  }

  /** Takes over how full the sections are. */
  paint({ floor }: Palette): void {
    const context = this.canvas.getContext('2d')!;
    const { scale, left, top } = this.camera;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = toCss(floor);
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    const { density } = this;
    context.setTransform(density * scale, 0, 0, density * scale, density * left, density * top);
    this.sections.draw(context);
  }

  draw(context: CanvasRenderingContext2D, view: Size, seen: Camera, { line, accent }: Palette): void {
    const { x, y, width, height } = this.boxIn(view);
    context.drawImage(this.canvas, x, y, width, height);
    context.lineWidth = 1;
    context.strokeStyle = toCss(line);
    context.strokeRect(x, y, width, height);
    const from = toPlan(seen, 0, 0);
    const to = toPlan(seen, view.width, view.height);
    const [a, b] = [toView(this.camera, from.x, from.y), toView(this.camera, to.x, to.y)];
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    context.lineWidth = 2;
    context.strokeStyle = toCss(accent);
    context.strokeRect(x + a.x, y + a.y, b.x - a.x, b.y - a.y);
    context.restore();
  }

  /** The place of the plan under a point of the view; undefined: beside the mini map. */
  placeAt(view: Size, px: number, py: number): { x: number; y: number } | undefined {
    const { x, y, width, height } = this.boxIn(view);
    const inside = px >= x && py >= y && px <= x + width && py <= y + height;
    return inside ? toPlan(this.camera, px - x, py - y) : undefined;
  }

  private boxIn({ height }: Size): Box {
    return { x: GAP, y: height - GAP - this.size.height, ...this.size };
  }
}
