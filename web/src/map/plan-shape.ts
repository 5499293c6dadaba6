import type { Geometry } from '@evently/client';
import type { Box } from './camera.js';

/** As the server describes what is drawn besides seats. */
export interface Shape {
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

export const shapesOf = ({ shapes }: Geometry): Shape[] => shapes as unknown as Shape[];

const ROUND = 48;

/** Corners, turned by the shape's rotation around its place. */
export function outlineOf({
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

export function boxOfShape(shape: Shape): Box {
  const corners = outlineOf(shape);
  const [xs, ys] = [0, 1].map((odd) => corners.filter((_, i) => i % 2 === odd)) as [number[], number[]];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
