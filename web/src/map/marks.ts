import type { Palette } from './colors.js';

/** Looks of a seat: by its state, the choice and the category asked for. */
export const LOOKS = [
  'free',
  'held',
  'booked',
  'blocked',
  'chosen',
  'mine',
  'accessible',
  'accessibleNumbered',
  'accessibleHeld',
  'lost',
  'dimmed',
] as const;
export type Look = (typeof LOOKS)[number];

/** How far a point is from an edge, in radii of a seat and seen from its middle; negative: inside. */
type Distance = (x: number, y: number) => number;

export interface Mark {
  readonly distance: Distance;
  /** In this colour of the page instead of its category's. */
  readonly color?: keyof Palette;
  readonly opacity?: number;
  /** Sign drawn on the mark, and its colour. */
  readonly sign?: { readonly distance: Distance; readonly color: keyof Palette };
}

const disc =
  (radius: number): Distance =>
  (x, y) =>
    Math.hypot(x, y) - radius;

const square =
  (half: number, round: number): Distance =>
  (x, y) => {
    const [over, up] = [Math.abs(x) - half + round, Math.abs(y) - half + round];
    return Math.hypot(Math.max(over, 0), Math.max(up, 0)) + Math.min(Math.max(over, up), 0) - round;
  };

/** The line that bounds something, so wide to both sides. */
const rim =
  (of: Distance, wide: number): Distance =>
  (x, y) =>
    Math.abs(of(x, y)) - wide;

function stroke([ax, ay]: [number, number], [bx, by]: [number, number], wide: number): Distance {
  const [dx, dy] = [bx - ax, by - ay];
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - ax - dx * along, y - ay - dy * along) - wide;
  };
}

const both =
  (a: Distance, b: Distance): Distance =>
  (x, y) =>
    Math.min(a(x, y), b(x, y));

const without =
  (a: Distance, hole: Distance): Distance =>
  (x, y) =>
    Math.max(a(x, y), -hole(x, y));

/** The legend draws the same. State is told by the form, so that nobody has to tell colours apart. */
export const MARKS: Readonly<Record<Look, Mark>> = {
  free: { distance: disc(0.88) },
  held: { distance: rim(disc(0.7), 0.17) },
  booked: {
    distance: both(stroke([-0.4, -0.4], [0.4, 0.4], 0.15), stroke([-0.4, 0.4], [0.4, -0.4], 0.15)),
    color: 'taken',
  },
  blocked: { distance: stroke([-0.42, 0], [0.42, 0], 0.17), color: 'taken' },
  chosen: {
    distance: square(0.98, 0.3),
    color: 'accent',
    sign: {
      distance: both(stroke([-0.46, 0.04], [-0.12, 0.4], 0.14), stroke([-0.12, 0.4], [0.5, -0.38], 0.14)),
      color: 'onAccent',
    },
  },
  mine: {
    distance: square(0.98, 0.3),
    color: 'accent',
    sign: { distance: disc(0.36), color: 'onAccent' },
  },
  accessible: { distance: without(square(0.88, 0.15), disc(0.2)) },
  /** The number stands where the hole was. */
  accessibleNumbered: { distance: square(0.88, 0.15) },
  accessibleHeld: { distance: rim(square(0.72, 0.1), 0.15) },
  lost: { distance: (x, y) => Math.abs(x) + Math.abs(y) - 0.98, color: 'danger' },
  dimmed: { distance: disc(0.42), opacity: 0.45 },
};
