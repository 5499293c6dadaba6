import type { Layout, Outline, Point, Shape } from '../../venues/plans.service.js';

/** A hall as it is drawn on a ticket, in units of its plan. */
export interface Hall {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly spacing: number;
  readonly sections: readonly { readonly no: number; readonly corners: readonly Point[] }[];
  /** Stage, pitch and bars. */
  readonly shapes: readonly (readonly Point[])[];
  /** Texts of the plan, at their middles. */
  readonly captions: readonly (Point & { readonly text: string })[];
}

/** A place in a hall. */
export interface Spot extends Point {
  readonly section: number;
}

/** A plan may have thousands of ornaments; a ticket is small. */
const MOST_SHAPES = 60;
const MOST_CAPTIONS = 16;
const LONGEST_CAPTION = 20;
const CORNERS_OF_ELLIPSE = 32;

/** Sections, what stands between them, and the texts of the plan. */
export function hallOf(outline: Outline, { shapes, sections }: Pick<Layout, 'shapes' | 'sections'>): Hall {
  const drawn = shapes
    .filter(({ kind }) => kind !== 'text')
    .slice(0, MOST_SHAPES)
    .map(cornersOf);
  // Names of sections would run together, and the ticket says the one that matters.
  const isCaption = (text: string) => text.length <= LONGEST_CAPTION && !sections.includes(text);
  const captions = shapes
    .flatMap(({ text }) => (text && isCaption(text.text) ? [text] : []))
    .slice(0, MOST_CAPTIONS)
    .map(({ text, x, y }) => ({ text, x, y }));
  const points = [
    { x: outline.left, y: outline.top },
    { x: outline.left + outline.width, y: outline.top + outline.height },
    ...drawn.flat(),
    ...captions,
  ];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    left,
    top,
    width: Math.max(...xs) - left,
    height: Math.max(...ys) - top,
    spacing: outline.spacing,
    sections: outline.sections.map(({ no, corners }) => ({ no, corners })),
    shapes: drawn,
    captions,
  };
}

/** Corners of a shape, turned by its rotation around its place. */
function cornersOf(shape: Shape): Point[] {
  const { x, y, rotation } = shape;
  const angle = (rotation * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return unturned(shape).map(([px, py]) => ({
    x: x + (px - x) * cos - (py - y) * sin,
    y: y + (px - x) * sin + (py - y) * cos,
  }));
}

function unturned(shape: Shape): [number, number][] {
  const { x, y, kind } = shape;
  if (kind === 'polygon') return shape.points;
  if (kind === 'ellipse')
    return Array.from({ length: CORNERS_OF_ELLIPSE }, (_, i) => {
      const angle = (2 * Math.PI * i) / CORNERS_OF_ELLIPSE;
      return [x + shape.rx * Math.cos(angle), y + shape.ry * Math.sin(angle)];
    });
  if (kind === 'text') return [];
  const { width, height } = shape;
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}
