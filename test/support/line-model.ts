/**
 * The waitlist as docs/WAITLIST.md tells it, slow and obvious, knowing nothing of the code: who is to be offered how
 * many. Which seats is not its to say: it follows the offers that were made, and says what is wrong with them.
 */
export interface ModelSeat {
  state: 'sold' | 'kept' | 'sale';
  readonly row: number;
  readonly category: number;
}

export interface ModelWaiter {
  readonly id: string;
  readonly quantity: number;
  readonly min: number;
  readonly together: boolean;
  readonly categories: number[] | null;
  readonly floor: boolean;
  bypassed: number;
}

export interface ModelOffer {
  readonly id: string;
  readonly seats: number[];
  readonly places: number;
}

const BYPASSES = 3;

/** More than enough is not counted. */
const passBy = (waiter: ModelWaiter): void => {
  waiter.bypassed = Math.min(waiter.bypassed + 1, BYPASSES);
};

export class LineModel {
  line: ModelWaiter[] = [];
  collector: ModelWaiter | undefined;
  windowIsOver = false;

  constructor(
    readonly seats: ModelSeat[],
    /** Places of the one area. */
    readonly floor: { kept: number; sale: number },
  ) {}

  /** Checks the offers that a look at the line made, in order. Throws where they are wrong. */
  look(made: ModelOffer[]): void {
    while (this.round(made));
    if (made.length > 0) throw new Error(`Nobody was to be offered ${JSON.stringify(made[0])}`);
  }

  private round(made: ModelOffer[]): boolean {
    const restart = this.collector !== undefined && this.windowIsOver;
    if (restart) {
      this.collector = undefined;
      for (const waiter of this.line) waiter.bypassed = 0;
    }
    this.windowIsOver = false;
    const before = new Map(this.line.map((waiter) => [waiter, waiter.bypassed]));
    const hadCollector = this.collector;
    let reserved: ModelWaiter | undefined;
    let begun = false;
    const passed: ModelWaiter[] = [];
    let offers = 0;
    for (const waiter of [...this.line]) {
      const quantity = this.most(waiter, reserved);
      if (quantity > 0) {
        const offer = made.shift();
        this.check(waiter, quantity, offer, reserved);
        offers++;
        const [first] = offer!.seats.map((n) => this.seats[n]!);
        for (const other of passed)
          if (first ? offer!.seats.some((n) => this.usable(other, n)) : other.floor) passBy(other);
        this.take(offer!);
        this.line = this.line.filter((one) => one !== waiter);
        if (this.collector === waiter) this.collector = undefined;
        continue;
      }
      passed.push(waiter);
      if (restart) continue;
      if (hadCollector ? hadCollector === waiter : !begun && before.get(waiter)! >= BYPASSES) {
        begun = begun || hadCollector === undefined;
        this.collector = waiter;
        reserved = waiter;
      }
    }
    const freed = this.free(reserved);
    for (const waiter of passed)
      if (freed.seats.some((n) => this.usable(waiter, n)) || (freed.places > 0 && waiter.floor))
        passBy(waiter);
    return restart || begun || offers > 0 || freed.seats.length > 0 || freed.places > 0;
  }

  /** The most that this waiter can have, 0 when it is not enough. */
  private most(waiter: ModelWaiter, reserved: ModelWaiter | undefined): number {
    for (let quantity = waiter.quantity; quantity >= waiter.min; quantity--) {
      const seats = this.seats.map((_, n) => this.usable(waiter, n) && this.open(n, reserved));
      const fits = waiter.together
        ? seats.some((_, n) => this.isRow(n, quantity) && seats.slice(n, n + quantity).every(Boolean))
        : seats.filter(Boolean).length >= quantity;
      if (fits || (waiter.floor && this.places(reserved) >= quantity)) return quantity;
    }
    return 0;
  }

  private isRow(first: number, quantity: number): boolean {
    return this.seats[first + quantity - 1]?.row === this.seats[first]!.row;
  }

  private usable(waiter: ModelWaiter, n: number): boolean {
    return waiter.categories === null || waiter.categories.includes(this.seats[n]!.category);
  }

  private open(n: number, reserved: ModelWaiter | undefined): boolean {
    const { state } = this.seats[n]!;
    return state === 'sale' || (state === 'kept' && !(reserved && this.usable(reserved, n)));
  }

  private places(reserved: ModelWaiter | undefined): number {
    return this.floor.sale + (reserved?.floor ? 0 : this.floor.kept);
  }

  private check(
    waiter: ModelWaiter,
    quantity: number,
    offer: ModelOffer | undefined,
    reserved: ModelWaiter | undefined,
  ): void {
    const fail = (why: string) => {
      throw new Error(`${why}: ${quantity} for ${JSON.stringify(waiter)}, made ${JSON.stringify(offer)}`);
    };
    if (offer?.id !== waiter.id) return fail('An offer to somebody else, or none');
    const { seats, places } = offer;
    if (seats.length + places !== quantity || (seats.length > 0 && places > 0)) fail('Another number');
    if (seats.some((n) => !this.usable(waiter, n) || !this.open(n, reserved))) fail('Seats that are not its');
    if (places > 0 && (!waiter.floor || this.places(reserved) < places)) fail('Places that are not its');
    const sorted = seats.toSorted((a, b) => a - b);
    const adjacent =
      sorted.every((n, i) => n === sorted[0]! + i) && (places > 0 || this.isRow(sorted[0]!, quantity));
    if (waiter.together && !adjacent) fail('Not together');
  }

  /** The kept places go first. */
  private take({ seats, places }: ModelOffer): void {
    for (const n of seats) this.seats[n]!.state = 'sold';
    const kept = Math.min(places, this.floor.kept);
    this.floor.kept -= kept;
    this.floor.sale -= places - kept;
  }

  private free(reserved: ModelWaiter | undefined): { seats: number[]; places: number } {
    const seats = this.seats.flatMap(({ state }, n) =>
      state === 'kept' && !(reserved && this.usable(reserved, n)) ? [n] : [],
    );
    for (const n of seats) this.seats[n]!.state = 'sale';
    const places = reserved?.floor ? 0 : this.floor.kept;
    this.floor.kept -= places;
    this.floor.sale += places;
    return { seats, places };
  }
}
