import type { Camera, Size } from './camera.js';
import type { Looks } from './looks.js';
import type { Look } from './marks.js';
import type { Plan } from './plan.js';
import { Sprites } from './sprites.js';

/** Pixels of a tile, each way. */
const TILE = 256;
/** Tiles that are kept though they are out of view: 16 MiB. */
const SPARE = 64;
/** Milliseconds after the last change of scale in which what is there is stretched instead of drawn anew. */
const ZOOMING = 120;
/** Free seats tell their numbers from this diameter on, in pixels of the page. */
const NUMBERED_FROM = 14;
/** Looks with a number, in the middle of the seat's colour. */
const NUMBERED: ReadonlySet<Look> = new Set(['free', 'accessible']);

/** Largest factor by which a picture is stretched. */
const STRETCH = 2;

/** The hall at one scale. `null`: a tile without seats. */
interface Sheet {
  /** Pixels of a unit of the plan. */
  readonly scale: number;
  readonly sprites: Sprites;
  /** Seats are large enough for their numbers. */
  readonly numbered: boolean;
  /** Tiles in the order of their last use, the latest at the end. */
  readonly tiles: Map<number, HTMLCanvasElement | null>;
}

/**
 * The seats as tiles of pixels, drawn when they come into view. Moving the map only copies tiles; a seat that changes
 * is a few pixels. It needs no graphics card: a view of 20,000 seats is a million pixels written once.
 */
export class SeatTiles {
  private sheet: Sheet | undefined;
  private scale = 0;
  private scaledAt = 0;
  private readonly tile = new ImageData(TILE, TILE);

  /** @param density pixels of the screen for one of the page */
  constructor(
    private readonly plan: Plan,
    private readonly radius: number,
    private readonly density: number,
  ) {}

  /** Every seat may look different. */
  forget(): void {
    this.sheet = undefined;
  }

  /** Only these do. */
  repaint(changed: Iterable<number>, looks: Looks): void {
    if (!this.sheet) return;
    const { sheet } = this;
    const { scale, sprites, tiles } = sheet;
    const { x, y } = this.plan.geometry.seats;
    const { side, margin } = sprites;
    for (const n of changed) {
      const left = Math.floor(x[n]! * scale) - margin;
      const top = Math.floor(y[n]! * scale) - margin;
      let patch: ImageData | undefined;
      let seats: readonly number[] = [];
      for (let column = Math.floor(left / TILE); column * TILE < left + side; column++)
        for (let row = Math.floor(top / TILE); row * TILE < top + side; row++) {
          const tile = tiles.get(keyOf(column, row));
          if (!tile) continue;
          if (!patch) {
            patch = new ImageData(side, side);
            seats = this.fill(patch, left, top, sheet, looks);
          }
          const context = tile.getContext('2d')!;
          const [right, down] = [left - column * TILE, top - row * TILE];
          context.putImageData(patch, right, down);
          if (!sheet.numbered) continue;
          context.save();
          context.beginPath();
          context.rect(right, down, side, side);
          context.clip();
          this.number(context, seats, column * TILE, row * TILE, sheet, looks);
          context.restore();
        }
    }
  }

  /** Draws what is in view. True: stretched, so it has to be drawn once more when nobody zooms any longer. */
  draw(context: CanvasRenderingContext2D, camera: Camera, view: Size, looks: Looks): boolean {
    const { density } = this;
    const sheet = this.sheetFor(camera.scale * density, looks);
    const stretch = (camera.scale * density) / sheet.scale;
    const size = TILE * stretch;
    const [left, top] = [camera.left * density, camera.top * density];
    const edge = (from: number, count: number) => Math.round(from + count * size) / density;
    let used = 0;
    for (let column = Math.floor(-left / size); edge(left, column) < view.width; column++)
      for (let row = Math.floor(-top / size); edge(top, row) < view.height; row++, used++) {
        const tile = this.tileAt(column, row, sheet, looks);
        if (!tile) continue;
        const [x, y] = [edge(left, column), edge(top, row)];
        context.drawImage(tile, x, y, edge(left, column + 1) - x, edge(top, row + 1) - y);
      }
    for (const key of sheet.tiles.keys()) {
      if (sheet.tiles.size <= used + SPARE) break;
      sheet.tiles.delete(key);
    }
    return stretch !== 1;
  }

  private sheetFor(scale: number, looks: Looks): Sheet {
    const now = performance.now();
    if (scale !== this.scale) {
      this.scale = scale;
      this.scaledAt = now;
    }
    const stretch = scale / (this.sheet?.scale ?? 0);
    const still = now - this.scaledAt >= ZOOMING;
    if (!this.sheet || stretch > STRETCH || stretch < 1 / STRETCH || (still && stretch !== 1))
      this.sheet = {
        scale,
        sprites: new Sprites(this.radius * scale, looks.palette, looks.colors),
        numbered: (2 * this.radius * scale) / this.density >= NUMBERED_FROM,
        tiles: new Map(),
      };
    return this.sheet;
  }

  private tileAt(column: number, row: number, sheet: Sheet, looks: Looks): HTMLCanvasElement | null {
    const key = keyOf(column, row);
    let tile = sheet.tiles.get(key);
    if (tile === undefined) tile = this.makeTile(column * TILE, row * TILE, sheet, looks);
    else sheet.tiles.delete(key);
    sheet.tiles.set(key, tile);
    return tile;
  }

  private makeTile(left: number, top: number, sheet: Sheet, looks: Looks): HTMLCanvasElement | null {
    new Uint32Array(this.tile.data.buffer).fill(0);
    const seats = this.fill(this.tile, left, top, sheet, looks);
    if (seats.length === 0) return null;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = TILE;
    const context = canvas.getContext('2d')!;
    context.putImageData(this.tile, 0, 0);
    if (sheet.numbered) this.number(context, seats, left, top, sheet, looks);
    return canvas;
  }

  /** Writes the numbers of free seats into a tile that begins at `left` and `top` of the sheet. */
  private number(
    context: CanvasRenderingContext2D,
    seats: readonly number[],
    left: number,
    top: number,
    { scale }: Sheet,
    { inks, lookOf }: Looks,
  ): void {
    const { x, y, category, number } = this.plan.geometry.seats;
    const diameter = 2 * this.radius * scale;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const n of seats) {
      if (!NUMBERED.has(lookOf(n))) continue;
      const text = number[n]!;
      context.font = `600 ${Math.min(diameter * 0.55, (diameter * 1.35) / text.length)}px system-ui, sans-serif`;
      context.fillStyle = inks[category[n]!]!;
      context.fillText(text, x[n]! * scale - left, y[n]! * scale - top + diameter * 0.03);
    }
  }

  /** Draws the part of a sheet that begins at `left` and `top` into an empty image. The seats in it. */
  private fill(
    image: ImageData,
    left: number,
    top: number,
    { scale, sprites, numbered }: Sheet,
    looks: Looks,
  ): readonly number[] {
    const { x, y, category } = this.plan.geometry.seats;
    const reach = sprites.margin + 1;
    const seats = this.plan.seatsIn({
      x: (left - reach) / scale,
      y: (top - reach) / scale,
      width: (image.width + 2 * reach) / scale,
      height: (image.height + 2 * reach) / scale,
    });
    const pixels = new Uint32Array(image.data.buffer);
    for (const n of seats) {
      const [right, down] = [x[n]! * scale, y[n]! * scale];
      const [column, row] = [Math.floor(right), Math.floor(down)];
      const look = looks.lookOf(n);
      const shown = numbered && look === 'accessible' ? 'accessibleNumbered' : look;
      const picture = sprites.of(shown, category[n]!, right - column, down - row);
      copy(picture, sprites.side, pixels, image, column - sprites.margin - left, row - sprites.margin - top);
    }
    return seats;
  }
}

/** Where two pictures meet, what covers more stays. */
function copy(
  picture: Uint32Array,
  side: number,
  pixels: Uint32Array,
  { width, height }: { width: number; height: number },
  left: number,
  top: number,
): void {
  const [firstColumn, lastColumn] = [Math.max(0, -left), Math.min(side, width - left)];
  const [firstRow, lastRow] = [Math.max(0, -top), Math.min(side, height - top)];
  for (let row = firstRow; row < lastRow; row++)
    for (let column = firstColumn; column < lastColumn; column++) {
      const pixel = picture[row * side + column]!;
      const at = (top + row) * width + left + column;
      if (pixel >>> 24 > pixels[at]! >>> 24) pixels[at] = pixel;
    }
}

const keyOf = (column: number, row: number): number => column * 65_536 + row;
