import { type Box, type Camera, type Size, toView } from './camera.js';
import { inkOn, type Palette, type Rgb, toCss } from './colors.js';
import type { Plan } from './plan.js';
import { boxOfShape, shapesOf } from './plan-shape.js';

interface Caption {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Units of the plan that it may be wide; undefined: as wide as it is. */
  readonly room?: number;
  /** In units of the plan; undefined: always the same on the screen. */
  readonly size?: number;
  /** Shown with single seats, with whole sections, or with both. */
  readonly when: 'close' | 'far' | 'both';
  /** The section that it names: it is written above that, or at the edge of the view while that cuts it. */
  readonly of?: Box;
  /** Only where the edge of the view cuts it; elsewhere the plan has written it. */
  readonly pinned?: boolean;
  /** Background of the caption: the colour of this category, or the ground. */
  readonly category?: number;
}

const SIZE = { close: 14, far: 12 };
const SMALLEST = 8;
const LARGEST = 22;
/** Size of what is written in a shape with room for it. */
const READABLE = 12;
const FONT = 'system-ui, sans-serif';
/** Width of a letter in heights of one. */
const LETTER = 0.6;

/** Names of sections and what the plan has written on it, always upright and of readable size. */
export class Captions {
  private readonly captions: Caption[] = [];
  private inks: string[] = [];
  private floor = '';

  constructor(plan: Plan) {
    const written = shapesOf(plan.geometry).flatMap((shape) => {
      const { text, kind } = shape;
      return text ? [{ ...text, kind, room: kind === 'text' ? undefined : boxOfShape(shape).width }] : [];
    });
    const names = new Set(written.map(({ text }) => text));
    for (const { text, x, y, size, kind, room } of written)
      this.captions.push({
        text,
        x,
        y,
        size,
        ...(room && { room }),
        when: kind === 'text' ? 'close' : 'both',
      });
    for (const { name, box, category } of plan.sections) {
      const x = box.x + box.width / 2;
      this.captions.push({
        text: name,
        x,
        y: box.y + box.height / 2,
        room: Math.min(box.width, box.height * 3),
        when: 'far',
        category,
      });
      this.captions.push({ text: name, x, y: box.y, of: box, when: 'close', pinned: names.has(name) });
    }
    // The larger ones are written first, and those that would touch them are left out.
    this.captions.sort((a, b) => (b.room ?? Infinity) - (a.room ?? Infinity) || 0);
  }

  /** @param colors by category */
  paint(palette: Palette, colors: readonly Rgb[]): void {
    this.inks = this.captions.map((caption) => toCss(inkOf(caption, palette, colors)));
    this.floor = toCss(palette.floor);
  }

  draw(context: CanvasRenderingContext2D, camera: Camera, view: Size, close: boolean): void {
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    const written: Written[] = [];
    for (const [index, caption] of this.captions.entries()) {
      const { text, size, room, when } = caption;
      if (when !== 'both' && (when === 'close') !== close) continue;
      const pixels =
        size === undefined
          ? SIZE[close ? 'close' : 'far']
          : Math.min(LARGEST, Math.max(room === undefined ? 0 : READABLE, size * camera.scale));
      const wide = text.length * pixels * LETTER;
      if (pixels < SMALLEST || (room !== undefined && wide > room * camera.scale)) continue;
      const place = caption.of
        ? placeAt(caption.of, camera, view, pixels, wide, caption.pinned)
        : toView(camera, caption.x, caption.y);
      if (!place) continue;
      const { x, y } = place;
      if (Math.abs(x - view.width / 2) > (view.width + wide) / 2) continue;
      if (Math.abs(y - view.height / 2) > (view.height + pixels) / 2) continue;
      const here = { x, y, wide, pixels };
      if (written.some((other) => touch(here, other))) continue;
      written.push(here);
      context.font = `700 ${pixels}px ${FONT}`;
      if (caption.category === undefined) {
        // An outline, so that the text can be read across the drawing.
        context.lineWidth = pixels / 3;
        context.strokeStyle = this.floor;
        context.strokeText(text, x, y);
      }
      context.fillStyle = this.inks[index]!;
      context.fillText(text, x, y);
    }
  }
}

interface Written {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly pixels: number;
}

const touch = (a: Written, b: Written): boolean =>
  Math.abs(a.x - b.x) < (a.wide + b.wide) / 2 + 4 && Math.abs(a.y - b.y) < (a.pixels + b.pixels) / 2 + 2;

/** Above the middle of the part that is in view; at the upper edge of the view when the box begins beyond it. */
function placeAt(
  box: Box,
  camera: Camera,
  view: Size,
  pixels: number,
  wide: number,
  pinned = false,
): { x: number; y: number } | undefined {
  const { x: left, y: top } = toView(camera, box.x, box.y);
  const { x: right, y: bottom } = toView(camera, box.x + box.width, box.y + box.height);
  const least = pixels;
  if (bottom < 3 * pixels || top > view.height || right < 0 || left > view.width) return undefined;
  const isCut = top < least;
  if (pinned && !isCut) return undefined;
  const [from, to] = [Math.max(0, left), Math.min(view.width, right)];
  if (to - from < wide) return undefined;
  return { x: (from + to) / 2, y: isCut ? least : top - pixels * 0.4 };
}

/** Ink that can be read on the background of a caption. */
function inkOf({ category, when }: Caption, { ink, soft, floor }: Palette, colors: readonly Rgb[]): Rgb {
  const ground = category === undefined ? undefined : colors[category];
  if (!ground) return when === 'close' ? soft : ink;
  return inkOn(ground, { ink, floor });
}
