import { Injectable } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import { EventsService } from '../events/events.service.js';
import { InventoryService } from '../inventory/changes/inventory.service.js';
import type { NewHold } from '../inventory/holds/holds.schemas.js';
import { HoldsService } from '../inventory/holds/holds.service.js';
import type { Permission } from '../platform/access/permissions.js';
import { owns, type Principal, type Reader, reaches } from '../platform/access/principal.js';
import { CallResult } from '../platform/common/call-result.js';
import { DomainError } from '../platform/common/domain-error.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import type { Locale } from '../platform/common/locale.js';
import { readPageById } from '../platform/common/pages.js';
import { correlationId } from '../platform/common/request-context.js';
import { toBookingBody, toHoldBody } from './booking.bodies.js';
import { type BookingProgress, type BookingRecord, BookingsRepository } from './bookings.repository.js';
import type { BookingBody, BookingPage, BookingQuery, HoldBody } from './bookings.schemas.js';
import { HoldAdmissionService, type HoldClient } from './hold-admission.service.js';
import { PlaceNamesService } from './place-names.service.js';

export type { BookingProgress, BookingRecord } from './bookings.repository.js';

/** Bookings from the hold on; the checkout handles the payment. */
@Injectable()
export class BookingsService {
  constructor(
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsService,
    private readonly admission: HoldAdmissionService,
    private readonly inventory: InventoryService,
    private readonly events: EventsService,
    private readonly names: PlaceNamesService,
    private readonly grants: GrantsService,
  ) {}

  /**
   * Holds what was asked for, or nothing. The key of the call gets the hold that it had made before.
   * Errors: those of `HoldsService.hold`, `too_many_open_holds`, `event_cancelled`, and `not_found` for an event that
   * does not exist, or is a sandbox event of others.
   */
  async hold(
    user: Principal,
    eventId: string,
    wanted: NewHold,
    call: IdempotentCall | undefined,
    client: HoldClient,
  ): Promise<CallResult<HoldBody>> {
    if (await this.events.isSandbox(eventId)) await this.events.findVisible(user, eventId);
    const buyer = { userId: user.id, idempotencyKey: call?.key, isGone: client.isGone };
    const held = await this.admission
      .admit(buyer, client, () => this.holds.hold(eventId, wanted, buyer))
      .catch((error) => this.events.refuse(eventId, error));
    const names = this.names.known(eventId) ?? (await this.names.of(eventId));
    return new CallResult(toHoldBody(eventId, held, names, user.locale), { replayed: held.replayed });
  }

  /** The caller's own, newest first; for a buyer session those of its event. Errors: `invalid_cursor`. */
  async list(user: Reader, query: BookingQuery): Promise<BookingPage> {
    const eventId = query.eventId ?? user.sale?.eventId;
    if (eventId !== undefined && !reaches(user, eventId)) throw new DomainError('buyer_session_not_allowed');
    return this.page(user, user.id, { ...query, eventId }, withNextAction);
  }

  /** Somebody's, as an administrator reads them: the buyer's next action is the buyer's. Errors: `invalid_cursor`. */
  listFor(reader: Reader, userId: string, query: BookingQuery): Promise<BookingPage> {
    return this.page(reader, userId, query, (_, body) => body);
  }

  /** For its buyer, and as `find`. Errors: `not_found`, `permission_missing`. */
  async read(user: Principal, id: string, permission: Permission = 'people'): Promise<BookingBody> {
    const booking = await this.find(user, id, permission);
    const body = await this.toBody(booking, user.locale);
    return booking.userId === user.id ? withNextAction(booking, body) : body;
  }

  /**
   * Once, by the hold time of the event, and until its sale ends at most.
   * Errors: `not_found`, `hold_expired`, `not_held`, `already_extended`, `sale_closed`, `event_cancelled`.
   */
  async extend(user: Principal, id: string): Promise<BookingBody> {
    await this.change(user, id, 'extend');
    return this.read(user, id);
  }

  /** Gives the seats and places back. Errors: `not_found`, `hold_expired`, `not_held`, `event_cancelled`. */
  async release(user: Principal, id: string): Promise<void> {
    await this.change(user, id, 'release');
  }

  /**
   * The booking, for its buyer, administrators, and members of the organisation with this permission.
   * Errors: `not_found`, `permission_missing`.
   */
  async find(user: Principal, id: string, permission: Permission = 'people'): Promise<BookingRecord> {
    const booking = await this.bookings.find(id);
    if (!booking || !reaches(user, booking.eventId))
      throw new DomainError('not_found', { detail: NOT_YOURS });
    if (owns(user, booking.userId)) return booking;
    const { eventId } = booking;
    const { organizerId: organisationId, sandbox } = await this.events.find(eventId);
    this.grants.require(user, permission, { organisationId, eventId, sandbox }, NOT_YOURS);
    return booking;
  }

  /** Status of these bookings, for messages to their buyers. */
  progress(ids: readonly string[]): Promise<BookingProgress[]> {
    return this.bookings.progress(ids);
  }

  /** The caller's own booking. Errors: `not_found`. */
  async findOwn(user: Pick<Principal, 'id' | 'sale'>, id: string): Promise<BookingRecord> {
    const booking = await this.bookings.find(id);
    if (booking?.userId !== user.id || !reaches(user, booking.eventId))
      throw new DomainError('not_found', { detail: NOT_YOURS });
    return booking;
  }

  /** Booking for background work, without a check of its owner. It must exist. */
  async record(id: string): Promise<BookingRecord> {
    return (await this.bookings.find(id))!;
  }

  /** The booking as clients see it; only `read` and `list` show the buyer's next action, and only to the buyer. */
  async toBody(booking: BookingRecord, locale: Locale): Promise<BookingBody> {
    return toBookingBody(booking, await this.names.of(booking.eventId), locale);
  }

  private async page(
    { locale }: Reader,
    userId: string,
    query: BookingQuery,
    show: (row: BookingRecord, body: BookingBody) => BookingBody,
  ): Promise<BookingPage> {
    const filter = { ...query, userId };
    const [page, total] = await Promise.all([
      readPageById(query, (count, before) => this.bookings.list(filter, count, before)),
      this.bookings.count(filter),
    ]);
    const names = await this.names.ofAll(page.data.map(({ eventId }) => eventId));
    const data = page.data.map((row) => show(row, toBookingBody(row, names.get(row.eventId)!, locale)));
    return { ...page, data, total };
  }

  private async change(user: Principal, id: string, action: 'extend' | 'release'): Promise<void> {
    const { eventId } = await this.find(user, id);
    await this.inventory
      .changeBooking({
        eventId,
        bookingId: id,
        action,
        userId: null,
        actor: user.id,
        correlationId: correlationId(),
      })
      .catch((error) => this.events.refuse(eventId, error));
  }
}

const NOT_YOURS = 'There is no such booking of yours.';

const withNextAction = ({ nextAction }: BookingRecord, body: BookingBody): BookingBody =>
  nextAction ? { ...body, nextAction } : body;
