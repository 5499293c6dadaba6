import { Graphics } from 'pixi.js';
import { fromHex, mix, type Palette, type Rgb, toNumber } from './colors.js';
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
export function drawShapes(plan: Plan, { floor, shape: ground, line }: Palette): Graphics {
  const graphics = new Graphics();
  const tone = (color: string | null): Rgb =>
    color ? mix(fromHex(color), ground, isDark(floor) ? 0.82 : 0.35) : ground;
  for (const shape of shapesOf(plan)) {
    if (shape.kind === 'text') continue;
    const corners = outline(shape);
    if (corners.length < 6) continue;
    graphics.poly(corners).fill(toNumber(tone(shape.color)));
    graphics.poly(corners).stroke({ width: plan.spacing * 0.17, color: toNumber(mix(line, ground, 0.4)) });
  }
  return graphics;
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
