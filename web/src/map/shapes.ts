import { fromHex, mix, type Palette, type Rgb, toCss } from './colors.js';
import type { Plan } from './plan.js';
import { outlineOf, shapesOf } from './plan-shape.js';

/** Stage, pitch and bars, in their own colours toned down to the ground they are on. */
export class PlanShapes {
  private readonly shapes: { readonly path: Path2D; readonly color: string | null }[];
  private fills: string[] = [];
  private line = '';

  constructor(private readonly plan: Plan) {
    this.shapes = shapesOf(plan.geometry)
      .filter(({ kind }) => kind !== 'text')
      .map((shape) => ({ path: pathOf(outlineOf(shape), true), color: shape.color }));
  }

  paint({ floor, shape: ground, line }: Palette): void {
    const share = isDark(floor) ? 0.82 : 0.35;
    this.fills = this.shapes.map(({ color }) => toCss(color ? mix(fromHex(color), ground, share) : ground));
    this.line = toCss(mix(line, ground, 0.4));
  }

  /** In units of the plan. */
  draw(context: CanvasRenderingContext2D): void {
    context.lineWidth = this.plan.spacing * 0.17;
    context.strokeStyle = this.line;
    for (const [index, { path }] of this.shapes.entries()) {
      context.fillStyle = this.fills[index]!;
      context.fill(path);
      context.stroke(path);
    }
  }
}

/** @param corners x, y, x, y … */
export function pathOf(corners: readonly number[], closed: boolean): Path2D {
  const path = new Path2D();
  for (let i = 0; i < corners.length; i += 2) path.lineTo(corners[i]!, corners[i + 1]!);
  if (closed) path.closePath();
  return path;
}

const isDark = ([r, g, b]: Rgb): boolean => r + g + b < 1.5;
