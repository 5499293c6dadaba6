/** One seat of a plan as the rest of the system sees it. */
export interface SeatLayout {
  /** Dense number within the plan, 0..N-1. Neighbours of a row have consecutive numbers. */
  n: number;
  guid: string;
  /** `Block-Row-Seat`, unique within the plan; the guid where that would not be. */
  label: string;
  /** Index into `Layout.sections`. */
  section: number;
  row: string;
  number: string;
  /** Index into `Layout.categories`. */
  category: number;
  accessible: boolean;
  /** Seats n and n + 1 are next to each other if, and only if, they share a run: aisles and rows end one. */
  run: number;
  /** Absolute position in units of the plan. */
  x: number;
  y: number;
}

/** Text of a shape, at an absolute position. */
export interface ShapeText {
  text: string;
  x: number;
  y: number;
  size: number;
  color: string;
}

interface Drawn {
  x: number;
  y: number;
  /** Degrees clockwise around (x, y). */
  rotation: number;
  color: string | null;
  border: string | null;
  text: ShapeText | null;
}

/** Shape drawn besides seats (stage, pitch, bars, captions). All positions are absolute. */
export type Shape =
  | (Drawn & { kind: 'rectangle'; width: number; height: number })
  | (Drawn & { kind: 'ellipse'; rx: number; ry: number })
  | (Drawn & { kind: 'polygon'; points: [x: number, y: number][] })
  | (Drawn & { kind: 'text' });

/** A general-admission area: places without seats. */
export interface AreaLayout {
  name: string;
  capacity: number;
}

/** A seating plan made ready for use. Immutable: a changed hall is a new plan. */
export interface Layout {
  name: string;
  /** Units of the plan; seats lie within 0..width and 0..height unless the document says otherwise. */
  width: number;
  height: number;
  /** Names of the zones, in document order. */
  sections: string[];
  /** Index of the only zone with seats that has no name: the names of its seats go without it. */
  unnamed?: number | undefined;
  categories: { name: string; color: string }[];
  /** `seats[n].n === n`. */
  seats: SeatLayout[];
  areas: AreaLayout[];
  shapes: Shape[];
}
