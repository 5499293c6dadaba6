import type { Palette, Rgb } from './colors.js';
import { LOOKS, type Look, MARKS } from './marks.js';

/** Where a small seat may begin within a pixel, in each direction: rows of small seats look even by that. */
const PLACES = 4;
/** From this radius on, in pixels, whole pixels are fine enough. */
const LARGE = 9;

/** Seats of one size as small pictures, each drawn once: colour and cover of each pixel, as `ImageData` has them. */
export class Sprites {
  /** Pixels of a picture, each way. */
  readonly side: number;
  /** Pixels between its edge and the pixel that has the seat's middle. */
  readonly margin: number;
  private readonly places: number;
  private readonly kept = new Map(LOOKS.map((look) => [look, [] as Uint32Array[]]));

  /** @param radius of a seat in pixels @param colors by category */
  constructor(
    private readonly radius: number,
    private readonly palette: Palette,
    private readonly colors: readonly Rgb[],
  ) {
    this.margin = Math.ceil(radius + 0.75);
    this.side = 2 * this.margin + 1;
    this.places = radius < LARGE ? PLACES : 1;
  }

  /** @param right @param down where in its pixel the middle is, from 0 to 1 */
  of(look: Look, category: number, right: number, down: number): Uint32Array {
    const column = Math.floor(right * this.places);
    const row = Math.floor(down * this.places);
    const pictures = this.kept.get(look)!;
    const at = (category * this.places + row) * this.places + column;
    pictures[at] ??= this.draw(
      look,
      category,
      this.margin + (column + 0.5) / this.places,
      this.margin + (row + 0.5) / this.places,
    );
    return pictures[at];
  }

  private draw(look: Look, category: number, middleX: number, middleY: number): Uint32Array {
    const { side, radius, palette } = this;
    const { distance, color, opacity = 1, sign } = MARKS[look];
    const ground = color ? palette[color] : this.colors[category]!;
    const edge = Math.min(0.5, 0.75 / radius);
    const picture = new Uint32Array(side * side);
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const x = (column + 0.5 - middleX) / radius;
        const y = (row + 0.5 - middleY) / radius;
        const cover = opacity * covered(distance(x, y), edge);
        if (cover === 0) continue;
        const signed = sign ? covered(sign.distance(x, y), edge) : 0;
        const [r, g, b] = ground.map((part, at) =>
          sign ? part + (palette[sign.color][at]! - part) * signed : part,
        ) as [number, number, number];
        picture[row * side + column] =
          ((Math.round(cover * 255) << 24) |
            (Math.round(b * 255) << 16) |
            (Math.round(g * 255) << 8) |
            Math.round(r * 255)) >>>
          0;
      }
    return picture;
  }
}

/** Share of a pixel inside an edge: all, nothing, or a smooth part near the edge. */
function covered(distance: number, edge: number): number {
  const t = Math.min(1, Math.max(0, (distance + edge) / (2 * edge)));
  return 1 - t * t * (3 - 2 * t);
}
