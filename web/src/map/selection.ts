/** Choice of a buyer that is not held yet: seats by number, places of areas by quantity. */
export class Selection {
  readonly seats = new Set<number>();
  readonly areas = new Map<string, number>();
  /** Chosen and then lost to somebody else, marked until something new is chosen. */
  readonly lost = new Set<number>();
  /** Held or bought by this buyer before. */
  mine: ReadonlySet<number> = new Set();
  /** They are being held, or are: that they become taken is this buyer's own doing. */
  holding = false;
  version = 0;
  private readonly listeners = new Set<() => void>();

  constructor(readonly limit: number) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get count(): number {
    return this.seats.size + [...this.areas.values()].reduce((sum, quantity) => sum + quantity, 0);
  }

  get isFull(): boolean {
    return this.count >= this.limit;
  }

  /** @returns false when no more may be chosen */
  toggle(n: number): boolean {
    if (!this.seats.delete(n)) {
      if (this.isFull) return false;
      this.seats.add(n);
    }
    this.changed();
    return true;
  }

  /** These as well, as far as they fit. @returns false when they do not all */
  choose(seats: Iterable<number>): boolean {
    let fit = true;
    for (const n of seats) {
      if (this.seats.has(n)) continue;
      if (this.isFull) fit = false;
      else this.seats.add(n);
    }
    this.changed();
    return fit;
  }

  setArea(area: string, quantity: number): void {
    const others = this.count - (this.areas.get(area) ?? 0);
    const possible = Math.max(0, Math.min(quantity, this.limit - others));
    if (possible > 0) this.areas.set(area, possible);
    else this.areas.delete(area);
    this.changed();
  }

  /** Others were quicker. */
  lose(seats: Iterable<number>): void {
    for (const n of seats) if (this.seats.delete(n)) this.lost.add(n);
    this.notify();
  }

  own(seats: Iterable<number>): void {
    this.mine = new Set(seats);
    this.notify();
  }

  clear(): void {
    this.seats.clear();
    this.areas.clear();
    this.changed();
  }

  private changed(): void {
    this.lost.clear();
    this.notify();
  }

  private notify(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }
}

/** The form in which a choice survives a login, or travels in an address. */
export const toParams = ({ seats, areas }: Selection): URLSearchParams => {
  const params = new URLSearchParams();
  if (seats.size > 0) params.set('seats', [...seats].join(','));
  for (const [area, quantity] of areas) params.append('area', `${quantity}:${area}`);
  return params;
};

/** Takes over a choice from an address, as far as it is possible. @returns how many places are not */
export function fromParams(
  selection: Selection,
  params: URLSearchParams,
  isFree: (n: number) => boolean,
  isArea: (area: string) => boolean,
): number {
  let gone = 0;
  for (const text of new Set(params.get('seats')?.split(','))) {
    const n = Number(text);
    if (Number.isInteger(n) && isFree(n)) selection.toggle(n);
    else gone++;
  }
  for (const text of params.getAll('area')) {
    const [, quantity, area] = /^(\d{1,3}):(.+)$/.exec(text) ?? [];
    if (area !== undefined && isArea(area)) selection.setArea(area, Number(quantity));
    else gone++;
  }
  return gone;
}
