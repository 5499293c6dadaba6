import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import type { BookingBody } from '../bookings/bookings.schemas.js';
import { BookingsService } from '../bookings/bookings.service.js';
import { DomainError } from '../common/domain-error.js';
import type { ErrorCode } from '../common/error-codes.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { newId } from '../common/ids.js';
import { correlationId } from '../common/request-context.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { EventsService } from '../events/events.service.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { InventoryMemory } from '../inventory/inventory-memory.service.js';
import { EntriesRepository, type EntryRecord } from './entries.repository.js';
import { emptyStock, openStock } from './stock.js';
import { toDemandBody, toEntryBody } from './waitlist.bodies.js';
import { hasEnough } from './waitlist.rules.js';
import type { DemandBody, EntryBody, EntryPage, EntryQuery, NewEntry } from './waitlist.schemas.js';
import { toWish } from './wish.names.js';

/** Holds that ended less than this ago are for those who wait, if anyone does. */
const HEAD_START_MS = 60_000;

const position = z.tuple([z.string().regex(/^\d{1,19}$/)]);

/** The lines for sold-out events, as people see them. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly entries: EntriesRepository,
    private readonly events: EventsService,
    private readonly bookings: BookingsService,
    private readonly inventory: InventoryService,
    private readonly memories: InventoryMemory,
  ) {}

  /**
   * Puts the caller at the end of the line of an event.
   * Errors: `not_found`, `event_not_on_sale`, `event_ended`, `sale_closed`, `seats_available`, `already_waiting`,
   * `wish_impossible`, `too_many_seats`, `buyer_limit_reached`, `unknown_category`, `unknown_area`, `idempotency_*`.
   */
  async join(user: Principal, eventId: string, wanted: NewEntry, call: IdempotentCall): Promise<EntryBody> {
    const memory = await this.memories.fresh(eventId);
    if (!memory) {
      await this.events.findVisible(user, eventId);
      throw new DomainError('event_not_on_sale');
    }
    const wish = toWish(memory, wanted);
    // Prices may fall yet; the hall stays.
    if (!hasEnough(emptyStock(memory), { ...wish, maxPrice: null })) throw new DomainError('wish_impossible');
    const available = hasEnough(openStock(memory, this.memories.now() - HEAD_START_MS), wish);
    const id = newId();
    const { outcome, subject } = await this.inventory.follow(eventId, () =>
      this.entries.join(eventId, id, user.id, wish, available, call),
    );
    if (outcome !== 'ok' && outcome !== 'replay') throw new DomainError(outcome as ErrorCode);
    if (outcome === 'replay') call.replayed(201);
    return this.print(await this.findOwn(user, subject ?? id));
  }

  /** The caller's own, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, { limit, cursor }: EntryQuery): Promise<EntryPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.entries.list(user.id, limit + 1, before);
    const shown = rows.slice(0, limit);
    return {
      data: await Promise.all(shown.map((row) => this.print(row))),
      next: rows.length > limit ? encodeCursor([shown.at(-1)!.place]) : null,
    };
  }

  /** Errors: `not_found`, also when it is another person's. */
  async read(user: Principal, id: string): Promise<EntryBody> {
    return this.print(await this.findOwn(user, id));
  }

  /** Leaves the line, and declines what was offered. Errors: `not_found`, `not_waiting`, `offer_expired`. */
  async leave(user: Principal, id: string): Promise<void> {
    const entry = await this.findOwn(user, id);
    if (entry.state === 'left') return;
    await this.inventory.change(entry.eventId, (since) => this.entries.leave(entry, since)).catch(asOffer);
  }

  /**
   * Makes the offer a hold like others, for the hold time of the event; again for an offer accepted before.
   * Errors: `not_found`, `not_offered`, `offer_expired`.
   */
  async accept(user: Principal, id: string): Promise<BookingBody> {
    const entry = await this.findOwn(user, id);
    if (entry.state !== 'accepted') await this.answer(user, entry, 'accept');
    return this.bookings.read(user, entry.bookingId!);
  }

  /** Gives the offered seats to those who wait behind. Errors: `not_found`, `not_offered`, `offer_expired`. */
  async decline(user: Principal, id: string): Promise<EntryBody> {
    const entry = await this.findOwn(user, id);
    if (entry.state !== 'declined') await this.answer(user, entry, 'release');
    return this.read(user, id);
  }

  /** What people wait for, for the organizer of the event. Errors: `not_found`. */
  async demand(user: Principal, eventId: string): Promise<DemandBody> {
    await this.events.findOwned(user, eventId);
    const memory = await this.memories.open(eventId);
    return toDemandBody(await this.entries.demand(eventId), memory?.seats.categories ?? []);
  }

  private async answer(user: Principal, entry: EntryRecord, action: 'accept' | 'release'): Promise<void> {
    if (entry.state === 'expired') throw new DomainError('offer_expired');
    if (entry.state !== 'offered') throw new DomainError('not_offered');
    const { eventId, bookingId } = entry;
    await this.inventory
      .changeBooking({
        eventId,
        bookingId: bookingId!,
        action,
        userId: user.id,
        actor: user.id,
        correlationId: correlationId(),
      })
      .catch(asOffer);
  }

  private async findOwn(user: Principal, id: string): Promise<EntryRecord> {
    const entry = await this.entries.find(id);
    if (entry?.userId !== user.id)
      throw new DomainError('not_found', { detail: 'There is no such entry of yours.' });
    return entry;
  }

  private async print(entry: EntryRecord): Promise<EntryBody> {
    return toEntryBody(entry, (await this.memories.open(entry.eventId))!);
  }
}

/** The hold behind an offer may have ended in between. */
function asOffer(error: unknown): never {
  if (error instanceof DomainError && error.code === 'hold_expired') throw new DomainError('offer_expired');
  if (error instanceof DomainError && error.code === 'not_held') throw new DomainError('not_offered');
  throw error;
}
