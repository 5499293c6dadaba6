import type { SeatMap } from '@evently/client';
import { type Camera, type Size, toView } from './camera.js';
import { type Palette, toCss } from './colors.js';
import type { Plan } from './plan.js';
import type { Selection } from './selection.js';

const FONT = 'system-ui, sans-serif';
const LETTER = 0.56;
const [LARGEST, SMALLEST] = [15, 8];

/** Places without seats, as blocks that can be tapped. Their second line tells what is left. */
export class AreaBlocks {
  private palette!: Palette;

  constructor(
    private readonly plan: Plan,
    private readonly map: SeatMap,
    private readonly selection: Selection,
    private readonly tell: (area: string) => string,
  ) {}

  paint(palette: Palette): void {
    this.palette = palette;
  }

  draw(context: CanvasRenderingContext2D, camera: Camera, view: Size): void {
    const { accent, shape, line, ink, onAccent, soft } = this.palette;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { name, box, drawn } of this.plan.areas) {
      if (this.map.priceOfArea(name) === undefined) continue;
      const from = toView(camera, box.x, box.y);
      const [width, height] = [box.width * camera.scale, box.height * camera.scale];
      if (from.x > view.width || from.y > view.height || from.x + width < 0 || from.y + height < 0) continue;
      const chosen = this.selection.areas.get(name);
      if (!drawn || chosen) {
        context.beginPath();
        context.roundRect(from.x, from.y, width, height, Math.min(8, height / 4));
        context.fillStyle = toCss(chosen ? accent : shape);
        context.fill();
        context.lineWidth = 1;
        context.strokeStyle = toCss(line);
        context.stroke();
      }
      const lines = [chosen ? `${chosen} × ${name}` : name, this.tell(name)];
      const pixels = Math.min(
        LARGEST,
        height / 3,
        (width - 8) / Math.max(...lines.map(({ length }) => length * LETTER)),
      );
      const single = pixels < SMALLEST;
      const size = single ? Math.min(LARGEST, height / 2, (width - 4) / (lines[0]!.length * LETTER)) : pixels;
      if (size < SMALLEST - 2) continue;
      const middle = { x: from.x + width / 2, y: from.y + height / 2 };
      // The drawing has written the name in the middle.
      const written = drawn && !chosen;
      context.fillStyle = toCss(chosen ? onAccent : ink);
      context.font = `700 ${size}px ${FONT}`;
      if (!written) context.fillText(lines[0]!, middle.x, middle.y - (single ? 0 : size * 0.65));
      if (single) continue;
      context.fillStyle = toCss(chosen ? onAccent : soft);
      context.font = `500 ${size}px ${FONT}`;
      context.fillText(lines[1]!, middle.x, middle.y + size * (written ? 1.4 : 0.75));
    }
  }
}
