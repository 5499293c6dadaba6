import { BitmapText, Container } from 'pixi.js';
import { type Camera, toView } from './camera.js';
import { contrast, type Palette, type Rgb, toNumber } from './colors.js';
import type { Plan } from './plan.js';
import { shapesOf } from './shapes.js';

interface Caption {
  readonly text: BitmapText;
  readonly x: number;
  readonly y: number;
  /** Units of the plan that it may be wide; undefined: as wide as it is. */
  readonly room?: number;
  /** In units of the plan; undefined: always the same on the screen. */
  readonly size?: number;
  /** Shown with single seats, with whole sections, or with both. */
  readonly when: 'close' | 'far' | 'both';
  /** What it is written on: the colour of a category, or the ground. */
  readonly category?: number;
}

const SIZE = { close: 14, far: 12 };
const SMALLEST = 8;
const LARGEST = 22;
/** The size that letters are kept in. */
const KEPT = 16;

/** Names of sections and what the plan has written on it, always upright and of readable size. */
export class Captions {
  readonly container = new Container();
  private readonly captions: Caption[] = [];

  constructor(plan: Plan) {
    const written = shapesOf(plan).flatMap(({ text, kind }) => (text ? [{ ...text, kind }] : []));
    const names = new Set(written.map(({ text }) => text));
    for (const { text, x, y, size, kind } of written)
      this.add(text, { x, y, size, when: kind === 'text' ? 'close' : 'both' });
    for (const { name, box, category } of plan.sections) {
      const x = box.x + box.width / 2;
      this.add(name, {
        x,
        y: box.y + box.height / 2,
        room: Math.min(box.width, box.height * 3),
        when: 'far',
        category,
      });
      if (!names.has(name))
        this.add(name, { x, y: box.y - plan.spacing * 0.4, room: box.width, when: 'close' });
    }
  }

  paint({ ink, soft, floor }: Palette, colors?: readonly Rgb[]): void {
    for (const { text, category, when } of this.captions) {
      const ground = category === undefined ? undefined : colors?.[category];
      text.tint = toNumber(
        ground
          ? contrast(ink, ground) > contrast(floor, ground)
            ? ink
            : floor
          : when === 'close'
            ? soft
            : ink,
      );
    }
  }

  place(camera: Camera, close: boolean): void {
    for (const { text, x, y, size, room, when } of this.captions) {
      const pixels =
        size === undefined ? SIZE[close ? 'close' : 'far'] : Math.min(LARGEST, size * camera.scale);
      const wide = (text.text.length * pixels * 0.6) / camera.scale;
      text.visible =
        pixels >= SMALLEST &&
        (when === 'both' || (when === 'close') === close) &&
        (room === undefined || wide <= room);
      if (!text.visible) continue;
      const at = toView(camera, x, y);
      text.position.set(at.x, at.y);
      text.scale.set(pixels / KEPT);
    }
  }

  private add(name: string, caption: Omit<Caption, 'text'>): void {
    const text = new BitmapText({
      text: name,
      style: { fontFamily: 'system-ui, sans-serif', fontSize: KEPT, fontWeight: '700', fill: 0xffffff },
      anchor: { x: 0.5, y: 0.5 },
    });
    this.captions.push({ ...caption, text });
    this.container.addChild(text);
  }
}
