import { fromHex, mix, type Palette, type Rgb, toCss } from './colors.js';
import type { Plan } from './plan.js';

/** As the server describes what is drawn besides seats. */
interface Shape {
  kind: 'rectangle' | 'ellipse' | 'polygon' | 'text';
  x: number;
  y: number;
  rotation: number;
  color: string | null;
  border: string | null;
  width?: number;
  height?: number;
  rx?: number;
  ry?: number;
  points?: [number, number][];
  text: { text: string; x: number; y: number; size: number; color: string } | null;
}

export const shapesOf = (plan: Plan): Shape[] => plan.geometry.shapes as unknown as Shape[];

/** Stage, pitch and bars, in their own colours toned down to the ground they are on. */
export class PlanShapes {
  private readonly shapes: { readonly path: Path2D; readonly color: string | null }[];
  private fills: string[] = [];
  private line = '';

  constructor(private readonly plan: Plan) {
    this.shapes = shapesOf(plan)
      .filter(({ kind }) => kind !== 'text')
      .map((shape) => ({ path: pathOf(outline(shape), true), color: shape.color }));
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

const ROUND = 48;

/** Corners, turned by the shape's rotation around its place. */
function outline({
  kind,
  x,
  y,
  rotation,
  width = 0,
  height = 0,
  rx = 0,
  ry = 0,
  points = [],
}: Shape): number[] {
  const corners: [number, number][] =
    kind === 'polygon'
      ? points
      : kind === 'rectangle'
        ? [
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
          ]
        : Array.from({ length: ROUND }, (_, i) => {
            const angle = (2 * Math.PI * i) / ROUND;
            return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
          });
  const [sin, cos] = [Math.sin((rotation * Math.PI) / 180), Math.cos((rotation * Math.PI) / 180)];
  return corners.flatMap(([px, py]) => [
    x + (px - x) * cos - (py - y) * sin,
    y + (px - x) * sin + (py - y) * cos,
  ]);
}

const isDark = ([r, g, b]: Rgb): boolean => r + g + b < 1.5;
