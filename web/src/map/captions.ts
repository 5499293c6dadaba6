import { type Camera, type Size, toView } from './camera.js';
import { contrast, type Palette, type Rgb, toCss } from './colors.js';
import type { Plan } from './plan.js';
import { shapesOf } from './shapes.js';

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
  /** Written above its place, this far in units of the plan; negative: less than above. */
  readonly above?: number;
  /** Background of the caption: the colour of this category, or the ground. */
  readonly category?: number;
}

const SIZE = { close: 14, far: 12 };
const SMALLEST = 8;
const LARGEST = 22;
const FONT = 'system-ui, sans-serif';
/** Width of a letter in heights of one. */
const LETTER = 0.6;

/** Names of sections and what the plan has written on it, always upright and of readable size. */
export class Captions {
  private readonly captions: Caption[] = [];
  private inks: string[] = [];
  private floor = '';

  constructor(plan: Plan) {
    const written = shapesOf(plan).flatMap(({ text, kind }) => (text ? [{ ...text, kind }] : []));
    const names = new Set(written.map(({ text }) => text));
    for (const { text, x, y, size, kind } of written)
      this.captions.push({ text, x, y, size, when: kind === 'text' ? 'close' : 'both' });
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
      if (!names.has(name))
        this.captions.push({
          text: name,
          x,
          y: box.y,
          room: box.width,
          when: 'close',
          above: -plan.spacing * 0.3,
        });
    }
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
    for (const [index, caption] of this.captions.entries()) {
      const { text, size, room, when, above } = caption;
      if (when !== 'both' && (when === 'close') !== close) continue;
      const pixels =
        size === undefined ? SIZE[close ? 'close' : 'far'] : Math.min(LARGEST, size * camera.scale);
      const wide = text.length * pixels * LETTER;
      if (pixels < SMALLEST || (room !== undefined && wide > room * camera.scale)) continue;
      const place = toView(camera, caption.x, caption.y);
      const { x } = place;
      const y = above === undefined ? place.y : place.y - above * camera.scale - pixels * 0.6;
      if (Math.abs(x - view.width / 2) > (view.width + wide) / 2) continue;
      if (Math.abs(y - view.height / 2) > (view.height + pixels) / 2) continue;
      context.font = `700 ${pixels}px ${FONT}`;
      if (above !== undefined) {
        // An outline, so that the text can be read across the drawing.
        context.lineWidth = pixels / 4;
        context.strokeStyle = this.floor;
        context.strokeText(text, x, y);
      }
      context.fillStyle = this.inks[index]!;
      context.fillText(text, x, y);
    }
  }
}

/** Ink that can be read on the background of a caption. */
function inkOf({ category, when }: Caption, { ink, soft, floor }: Palette, colors: readonly Rgb[]): Rgb {
  const ground = category === undefined ? undefined : colors[category];
  if (!ground) return when === 'close' ? soft : ink;
  return contrast(ink, ground) > contrast(floor, ground) ? ink : floor;
}
