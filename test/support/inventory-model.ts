/** Model of the inventory in plain objects: one event, seats and one area, time passing only by `lapse`. */
export interface ModelBooking {
  status: string;
  seats: number[];
  places: number;
  lapsed: boolean;
  extended: boolean;
  tries: number;
}

export class InventoryModel {
  readonly seats: { state: 'free' | 'held' | 'booked' | 'blocked'; booking?: ModelBooking }[];
  readonly bookings: ModelBooking[] = [];

  constructor(
    count: number,
    readonly capacity: number,
  ) {
    this.seats = Array.from({ length: count }, () => ({ state: 'free' as const }));
  }

  hold(seats: number[], places: number): ModelBooking | string {
    if (seats.some((n) => !this.isOpen(n))) return 'seats_taken';
    if (places > this.freePlaces()) this.endWhere((b) => b.lapsed && b.places > 0);
    if (places > this.freePlaces()) return 'area_full';
    for (const n of seats) {
      const { booking } = this.seats[n]!;
      if (booking) this.end(booking, 'expired');
    }
    const booking: ModelBooking = { status: 'held', seats, places, lapsed: false, extended: false, tries: 0 };
    for (const n of seats) this.seats[n] = { state: 'held', booking };
    this.bookings.push(booking);
    return booking;
  }

  change(b: ModelBooking, action: string): string {
    if (action === 'restore') return this.restore(b);
    // A payment that is late finds its seats as long as nobody came for them.
    const late = action === 'confirm' && b.status === 'paying';
    if (isWaiting(b) && b.lapsed && !late) {
      this.end(b, 'expired');
      return 'hold_expired';
    }
    if (['release', 'extend', 'pay'].includes(action)) {
      if (b.status === 'expired') return 'hold_expired';
      if (b.status !== 'held') return 'not_held';
    }
    if (['decline', 'confirm'].includes(action) && b.status !== 'paying') return 'not_paying';
    switch (action) {
      case 'release':
        this.end(b, 'released');
        break;
      case 'extend':
        if (b.extended) return 'already_extended';
        b.extended = true;
        break;
      case 'pay':
        if (b.tries >= 3) return 'too_many_tries';
        b.tries++;
        b.status = 'paying';
        break;
      case 'decline':
        b.status = 'held';
        break;
      case 'confirm':
        b.status = 'confirmed';
        for (const n of b.seats) this.seats[n] = { state: 'booked', booking: b };
        break;
      case 'cancel':
        if (b.status === 'cancelling') return 'items_not_confirmed';
        if (b.status !== 'confirmed') return 'not_confirmed';
        b.status = 'cancelling';
        break;
      case 'cancelled':
        if (b.status !== 'cancelling') return 'not_cancelling';
        this.end(b, 'cancelled');
        break;
    }
    return 'ok';
  }

  block(seats: number[], block: boolean): string {
    if (seats.some((n) => ['held', 'booked'].includes(this.seats[n]!.state) && !this.isOpen(n)))
      return 'seats_not_blockable';
    for (const n of seats) {
      const { booking, state } = this.seats[n]!;
      if (!block) {
        if (state === 'blocked') this.seats[n] = { state: 'free' };
        continue;
      }
      if (booking) this.end(booking, 'expired');
      this.seats[n] = { state: 'blocked' };
    }
    return 'ok';
  }

  lapse(b: ModelBooking): void {
    if (isWaiting(b)) b.lapsed = true;
  }

  sweep(): void {
    this.endWhere((b) => b.lapsed);
  }

  places(): { held: number; booked: number } {
    const count = (statuses: string[]) =>
      this.bookings.reduce((sum, b) => sum + (statuses.includes(b.status) ? b.places : 0), 0);
    return { held: count(['held', 'paying']), booked: count(['confirmed', 'cancelling']) };
  }

  /** A payment came after the end: the same seats and places, if a stranger could have them. */
  private restore(b: ModelBooking): string {
    if (b.status !== 'expired') return 'not_expired';
    if (b.seats.some((n) => !this.isOpen(n))) return 'seats_lost';
    const inTheWay = new Set(b.seats.map((n) => this.seats[n]!.booking));
    this.endWhere((other) => other.lapsed && (inTheWay.has(other) || (b.places > 0 && other.places > 0)));
    if (b.places > this.freePlaces()) return 'seats_lost';
    b.status = 'confirmed';
    for (const n of b.seats) this.seats[n] = { state: 'booked', booking: b };
    return 'ok';
  }

  private isOpen(n: number): boolean {
    const { state, booking } = this.seats[n]!;
    return state === 'free' || (state === 'held' && booking!.lapsed);
  }

  private freePlaces(): number {
    const { held, booked } = this.places();
    return this.capacity - held - booked;
  }

  private endWhere(which: (b: ModelBooking) => boolean): void {
    for (const b of this.bookings) if (isWaiting(b) && which(b)) this.end(b, 'expired');
  }

  private end(b: ModelBooking, status: string): void {
    b.status = status;
    for (const n of b.seats) if (this.seats[n]!.booking === b) this.seats[n] = { state: 'free' };
  }
}

const isWaiting = (b: ModelBooking): boolean => b.status === 'held' || b.status === 'paying';
