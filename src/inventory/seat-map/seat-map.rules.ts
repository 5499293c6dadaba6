import type { Layout, SeatLayout, Shape } from '../../venues/layout.js';

/** A plan as clients draw it: columns over the seat number n, which a browser reads quicker than 50,000 objects. */
export interface SeatMap {
  readonly planId: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly sections: string[];
  /** Index of the section that is no part of the names of its seats. */
  readonly unnamed?: number | undefined;
  readonly categories: { name: string; color: string }[];
  readonly areas: { name: string; capacity: number }[];
  readonly shapes: Shape[];
  readonly seats: {
    x: number[];
    y: number[];
    /** Labels of the seats, only on demand: 50,000 of them are a third of the document. */
    label?: string[];
    row: string[];
    number: string[];
    /** Indexes into `sections` and `categories`. */
    section: number[];
    category: number[];
  };
  /** Numbers of the accessible seats. */
  readonly accessible: number[];
}

export function seatMapOf(planId: string, layout: Layout, labels: boolean): SeatMap {
  const { name, width, height, sections, unnamed, categories, areas, shapes, seats } = layout;
  const column = <K extends keyof SeatLayout>(key: K) => seats.map((seat) => seat[key]);
  return {
    planId,
    name,
    width,
    height,
    count: seats.length,
    sections,
    unnamed,
    categories,
    areas,
    shapes,
    seats: {
      x: column('x'),
      y: column('y'),
      ...(labels && { label: column('label') }),
      row: column('row'),
      number: column('number'),
      section: column('section'),
      category: column('category'),
    },
    accessible: seats.filter((seat) => seat.accessible).map((seat) => seat.n),
  };
}
