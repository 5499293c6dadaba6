import type { Shape, ShapeText } from './layout.js';
import type { Point } from './row.rules.js';
import type { Area } from './seating-plan.schemas.js';

const COLOR = /^(#[0-9a-f]{3,8}|[a-z]{3,30})$/i;
const TEXT_SIZE = 16;
const TEXT_COLOR = '#333333';

/** The colour, if it is a hex or named one; anything else would reach the pages of buyers as style. */
export function cssColor(value: string | null | undefined): string | null {
  return value && COLOR.test(value) ? value : null;
}

/** An area of a zone as a shape at its absolute position. */
export function shapeOf(area: Area, zone: Point): Shape {
  const x = zone.x + (area.position?.x ?? 0);
  const y = zone.y + (area.position?.y ?? 0);
  const base = {
    x,
    y,
    rotation: area.rotation ?? 0,
    color: cssColor(area.color),
    border: cssColor(area.border_color),
    text: textOf(area, { x, y }),
  };
  switch (area.shape) {
    case 'circle':
      return { kind: 'ellipse', ...base, rx: area.circle!.radius, ry: area.circle!.radius };
    case 'ellipse':
      return { kind: 'ellipse', ...base, rx: area.ellipse!.radius.x, ry: area.ellipse!.radius.y };
    case 'polygon':
      return {
        kind: 'polygon',
        ...base,
        points: area.polygon!.points.map((point) => [x + point.x, y + point.y]),
      };
    case 'text':
      return { kind: 'text', ...base };
    default: {
      const { width, height } = area.rectangle ?? area;
      return { kind: 'rectangle', ...base, width: width!, height: height! };
    }
  }
}

/** The older form has plain text, shown in the middle of the area; the editor's has a place of its own. */
function textOf({ text, width, height }: Area, at: Point): ShapeText | null {
  if (!text) return null;
  if (typeof text === 'string')
    return {
      text,
      x: at.x + (width ?? 0) / 2,
      y: at.y + (height ?? 0) / 2,
      size: TEXT_SIZE,
      color: TEXT_COLOR,
    };
  return {
    text: text.text,
    x: at.x + (text.position?.x ?? 0),
    y: at.y + (text.position?.y ?? 0),
    size: text.size ?? TEXT_SIZE,
    color: cssColor(text.color) ?? TEXT_COLOR,
  };
}
