import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { owns, type Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { correlationId } from '../common/request-context.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { EventsService } from '../events/events.service.js';
import type { NewHold } from '../inventory/holds.schemas.js';
import { HoldsService } from '../inventory/holds.service.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { toBookingBody, toHoldBody } from './booking.bodies.js';
import { type BookingProgress, type BookingRecord, BookingsRepository } from './bookings.repository.js';
import type { BookingBody, BookingPage, BookingQuery, HoldBody } from './bookings.schemas.js';
import { PlaceNamesService } from './place-names.service.js';

export type { BookingProgress, BookingRecord } from './bookings.repository.js';

const position = z.tuple([z.uuid()]);

/** Bookings from the hold on; what costs money is the checkout's. */
@Injectable()
export class BookingsService {
  constructor(
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsService,
    private readonly inventory: InventoryService,
    private readonly events: EventsService,
    private readonly names: PlaceNamesService,
  ) {}

  /**
   * Holds what was asked for, or nothing. The key of the call gets the hold that it had made before.
   * @param isGone whether the client has hung up, so that nothing needs to be held for it
   * Errors: those of `HoldsService.hold`, and `not_found` for an event that does not exist.
   */
  async hold(
    user: Principal,
    eventId: string,
    wanted: NewHold,
    call: IdempotentCall,
    isGone: () => boolean,
  ): Promise<HoldBody> {
    const held = await this.holds
      .hold(eventId, wanted, { userId: user.id, idempotencyKey: call.key, isGone })
      .catch((error) => this.refuseUnknownEvent(eventId, error));
    if (held.replayed) call.replayed(201);
    return toHoldBody(eventId, held, this.names.known(eventId) ?? (await this.names.of(eventId)));
  }

  /** The caller's own, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, { limit, cursor, ...filter }: BookingQuery): Promise<BookingPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const own = { ...filter, userId: user.id };
    const [rows, total] = await Promise.all([
      this.bookings.list(own, limit + 1, before),
      this.bookings.count(own),
    ]);
    const shown = rows.slice(0, limit);
    const names = await this.names.ofAll(shown.map(({ eventId }) => eventId));
    return {
      data: shown.map((row) => toBookingBody(row, names.get(row.eventId)!)),
      next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null,
      total,
    };
  }

  /** Errors: `not_found`, also when it is none of this person's business. */
  async read(user: Principal, id: string): Promise<BookingBody> {
    return this.print(await this.find(user, id));
  }

  /** Once, by the hold time of the event. Errors: `not_found`, `hold_expired`, `not_held`, `already_extended`. */
  async extend(user: Principal, id: string): Promise<BookingBody> {
    await this.change(user, id, 'extend');
    return this.read(user, id);
  }

  /** Gives the seats and places back. Errors: `not_found`, `hold_expired`, `not_held`. */
  async release(user: Principal, id: string): Promise<void> {
    await this.change(user, id, 'release');
  }

  /** The booking, for its buyer, the organizer of its event, and admins. Errors: `not_found`. */
  async find(user: Principal, id: string): Promise<BookingRecord> {
    const booking = await this.bookings.find(id);
    if (!booking || !(owns(user, booking.userId) || (await this.organizes(user, booking.eventId))))
      throw new DomainError('not_found', { detail: 'There is no such booking of yours.' });
    return booking;
  }

  /** How far these bookings are, for whoever tells their buyers. */
  progress(ids: readonly string[]): Promise<BookingProgress[]> {
    return this.bookings.progress(ids);
  }

  /** The caller's own booking. Errors: `not_found`. */
  async findOwn(user: Pick<Principal, 'id'>, id: string): Promise<BookingRecord> {
    const booking = await this.bookings.find(id);
    if (booking?.userId !== user.id)
      throw new DomainError('not_found', { detail: 'There is no such booking of yours.' });
    return booking;
  }

  /** For work that no person asks for. The booking must exist. */
  async record(id: string): Promise<BookingRecord> {
    return (await this.bookings.find(id))!;
  }

  /** The booking as clients see it. */
  async print(booking: BookingRecord): Promise<BookingBody> {
    return toBookingBody(booking, await this.names.of(booking.eventId));
  }

  private async organizes(user: Principal, eventId: string): Promise<boolean> {
    return user.role === 'organizer' && owns(user, (await this.events.find(eventId)).organizerId);
  }

  private async change(user: Principal, id: string, action: 'extend' | 'release'): Promise<void> {
    const { eventId } = await this.find(user, id);
    await this.inventory.changeBooking({
      eventId,
      bookingId: id,
      action,
      userId: null,
      actor: user.id,
      correlationId: correlationId(),
    });
  }

  private async refuseUnknownEvent(eventId: string, error: unknown): Promise<never> {
    if (error instanceof DomainError && error.code === 'event_not_on_sale') await this.events.find(eventId);
    throw error;
  }
}
