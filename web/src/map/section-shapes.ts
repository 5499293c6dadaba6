import type { SeatMap } from '@evently/client';
import { mix, toCss } from './colors.js';
import type { Looks } from './looks.js';
import type { Plan, Section } from './plan.js';
import { pathOf } from './shapes.js';

/** Sections as a whole, for when seats would be too small: in the colour of their category, the paler the fuller. */
export class SectionShapes {
  private readonly paths: Path2D[];
  private readonly colors: string[] = [];

  constructor(private readonly plan: Plan) {
    this.paths = plan.sections.map(({ outline }) => pathOf(outline, outline.length >= 6));
  }

  paint(looks: Looks, map: SeatMap): void {
    const { taken, floor } = looks.palette;
    const gone = mix(taken, floor, 0.45);
    for (const { index, seats, category } of this.plan.sections) {
      let free = 0;
      let shown = !looks.filter.isOn;
      for (const n of seats) {
        if (!map.isFree(n)) continue;
        free++;
        shown ||= looks.filter.offers(n);
      }
      const share = seats.length > 0 ? free / seats.length : 0;
      const color = looks.colors[category] ?? taken;
      const full = share === 0 ? gone : mix(color, gone, 0.55 * (1 - share));
      this.colors[index] = toCss(shown ? full : mix(full, floor, 0.75));
    }
  }

  /** A line around one, of two pixels. */
  outline(context: CanvasRenderingContext2D, { index }: Section, color: string, scale: number): void {
    context.lineJoin = 'round';
    context.strokeStyle = color;
    context.lineWidth = this.plan.spacing * 0.9 + 4 / scale;
    context.stroke(this.paths[index]!);
  }

  /** In units of the plan. */
  draw(context: CanvasRenderingContext2D): void {
    // Rounds the corners and covers the seats at the edge, which the outline only passes through.
    context.lineWidth = this.plan.spacing * 0.9;
    context.lineJoin = 'round';
    context.lineCap = 'round';
    for (const [index, path] of this.paths.entries()) {
      context.fillStyle = context.strokeStyle = this.colors[index]!;
      context.fill(path);
      context.stroke(path);
    }
  }
}
