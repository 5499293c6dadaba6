import type { SeatMap } from '@evently/client';
import { Container, Graphics } from 'pixi.js';
import { mix, toNumber } from './colors.js';
import type { Looks } from './looks.js';
import type { Plan } from './plan.js';

/** Sections as a whole, for when seats would be too small: in the colour of their category, the paler the fuller. */
export class SectionShapes {
  readonly container = new Container();
  private readonly shapes: Graphics[];

  constructor(private readonly plan: Plan) {
    this.shapes = plan.sections.map(({ outline }) => {
      const shape = new Graphics();
      if (outline.length >= 6) shape.poly(outline).fill(0xffffff);
      // Rounds the corners and covers the seats at the edge, which the outline only passes through.
      if (outline.length >= 4)
        shape
          .poly(outline, outline.length >= 6)
          .stroke({ color: 0xffffff, width: plan.spacing * 0.9, join: 'round', cap: 'round' });
      return shape;
    });
    this.container.addChild(...this.shapes);
  }

  paint(looks: Looks, map: SeatMap): void {
    const { taken, floor } = looks.palette;
    const gone = mix(taken, floor, 0.45);
    for (const { index, seats, category } of this.plan.sections) {
      let free = 0;
      for (const n of seats) if (map.states[n] === 0) free++;
      const share = seats.length > 0 ? free / seats.length : 0;
      const color = looks.colors[category] ?? taken;
      const shown = looks.only === undefined || looks.only === category;
      const full = share === 0 ? gone : mix(color, gone, 0.55 * (1 - share));
      this.shapes[index]!.tint = toNumber(shown ? full : mix(full, floor, 0.75));
    }
  }
}
