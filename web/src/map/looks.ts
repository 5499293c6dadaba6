import type { SeatMap } from '@evently/client';
import { fromHex, inkOn, onGround, type Palette, type Rgb, toCss } from './colors.js';
import type { Look } from './marks.js';
import type { Plan } from './plan.js';
import type { SeatFilter } from './seat-filter.js';
import type { Selection } from './selection.js';

/** Looks of the seats: by state, price, choice and what is asked for. */
export class Looks {
  /** By category of the plan, fit for the ground they are on. */
  readonly colors: readonly Rgb[];
  /** By category, for what is written on its colour. */
  readonly inks: readonly string[];

  constructor(
    private readonly plan: Plan,
    private readonly map: SeatMap,
    private readonly selection: Selection,
    readonly palette: Palette,
    /** Seats that it does not show are small. */
    readonly filter: SeatFilter,
  ) {
    this.colors = plan.geometry.categories.map(({ color }) => onGround(fromHex(color), palette));
    this.inks = this.colors.map((color) => toCss(inkOn(color, palette)));
  }

  readonly lookOf = (n: number): Look => {
    if (this.selection.seats.has(n)) return 'chosen';
    if (this.selection.mine.has(n)) return 'mine';
    if (this.selection.lost.has(n)) return 'lost';
    const state = this.map.stateOf(n);
    if (state === 'booked' || state === 'blocked') return state;
    if (this.map.priceOf(n) === undefined) return 'blocked';
    if (!this.filter.shows(n)) return 'dimmed';
    if (!this.plan.accessible.has(n)) return state;
    return state === 'free' ? 'accessible' : 'accessibleHeld';
  };
}
