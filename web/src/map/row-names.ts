import { type Camera, type Size, toView } from './camera.js';
import { type Palette, toCss } from './colors.js';
import type { Plan, Row } from './plan.js';

/** Distance of neighbours from which on rows have their names, in pixels. */
const FROM = 14;
const LARGEST = 13;
const FONT = 'system-ui, sans-serif';

interface Name {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A row that runs from left to right: while its beginning is out of view, its name is written at the edge. */
interface Run {
  readonly text: string;
  /** From the left. */
  readonly seats: readonly number[];
}

/** The names of rows at both of their ends, where there is room beside the seats. */
export class RowNames {
  /** By section, found when it comes into view first. */
  private readonly names: Name[][] = [];
  private readonly runs: Run[][] = [];
  private ink = '';
  private floor = '';

  constructor(private readonly plan: Plan) {}

  paint({ soft, floor }: Palette): void {
    this.ink = toCss(soft);
    this.floor = toCss(floor);
  }

  draw(context: CanvasRenderingContext2D, camera: Camera, view: Size): void {
    const distance = this.plan.spacing * camera.scale;
    if (distance < FROM) return;
    context.font = `600 ${Math.min(LARGEST, distance * 0.6)}px ${FONT}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = this.ink;
    for (const { index, box } of this.plan.sections) {
      const from = toView(camera, box.x, box.y);
      const to = toView(camera, box.x + box.width, box.y + box.height);
      if (to.x < 0 || to.y < 0 || from.x > view.width || from.y > view.height) continue;
      this.names[index] ??= this.plan.sections[index]!.rows.flatMap((row) => this.endsOf(row));
      for (const { text, x, y } of this.names[index]) {
        const at = toView(camera, x, y);
        if (
          at.x > -distance &&
          at.y > -distance &&
          at.x < view.width + distance &&
          at.y < view.height + distance
        )
          context.fillText(text, at.x, at.y);
      }
      this.runs[index] ??= this.plan.sections[index]!.rows.flatMap((row) => this.runOf(row));
      for (const run of this.runs[index]) this.pin(context, run, camera, view);
    }
  }

  private pin(context: CanvasRenderingContext2D, { text, seats }: Run, camera: Camera, view: Size): void {
    const { x, y } = this.plan.geometry.seats;
    if (toView(camera, x[seats[0]!]!, 0).x >= 0) return;
    const edge = -camera.left / camera.scale;
    const n = seats.find((seat) => x[seat]! >= edge);
    if (n === undefined) return;
    const at = toView(camera, x[n]!, y[n]!);
    if (at.x > view.width || at.y < 0 || at.y > view.height) return;
    const wide = context.measureText(text).width;
    context.fillStyle = this.floor;
    context.fillRect(0, at.y - 9, wide + 8, 18);
    context.fillStyle = this.ink;
    context.fillText(text, 4 + wide / 2, at.y);
  }

  private runOf({ name, seats }: Row): Run[] {
    const { x, y } = this.plan.geometry.seats;
    const [first, last] = [seats[0]!, seats.at(-1)!];
    if (!name || Math.abs(x[last]! - x[first]!) <= Math.abs(y[last]! - y[first]!)) return [];
    return [{ text: name, seats: x[first]! < x[last]! ? seats : [...seats].reverse() }];
  }

  private endsOf({ name, seats }: Row): Name[] {
    if (!name) return [];
    const { spacing, geometry } = this.plan;
    const { x, y } = geometry.seats;
    const beyond = (end: number, before: number | undefined, side: number): Name[] => {
      const [dx, dy] = before === undefined ? [side, 0] : [x[end]! - x[before]!, y[end]! - y[before]!];
      const length = Math.hypot(dx, dy) || 1;
      const at = { x: x[end]! + (dx / length) * spacing, y: y[end]! + (dy / length) * spacing };
      // Where the next block begins there is no room.
      return this.plan.seatAt(at.x, at.y, spacing * 0.8) === undefined ? [{ text: name, ...at }] : [];
    };
    return [...beyond(seats[0]!, seats[1], -1), ...beyond(seats.at(-1)!, seats.at(-2), 1)];
  }
}
