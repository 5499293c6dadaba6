import { Injectable } from '@nestjs/common';
import type { BookingBody } from '../bookings/bookings.schemas.js';
import { BookingsService } from '../bookings/bookings.service.js';
import { EventsService } from '../events/events.service.js';
import { InventoryService } from '../inventory/changes/inventory.service.js';
import { InventoryMemoryService } from '../inventory/memory/inventory-memory.service.js';
import type { Principal } from '../platform/access/principal.js';
import { CallResult } from '../platform/common/call-result.js';
import { DomainError } from '../platform/common/domain-error.js';
import type { ErrorCode } from '../platform/common/error-codes.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { newId } from '../platform/common/ids.js';
import { bigintText, pagesBy } from '../platform/common/pages.js';
import { correlationId } from '../platform/common/request-context.js';
import { EntriesRepository, type EntryRecord } from './entries.repository.js';
import { emptyStock, openStock } from './stock.js';
import { toDemandBody, toEntryBody } from './waitlist.bodies.js';
import { hasEnough } from './waitlist.rules.js';
import type { DemandBody, EntryBody, EntryPage, EntryQuery, NewEntry } from './waitlist.schemas.js';
import { toWish } from './wish.names.js';

/** Holds that ended less than this ago are for those who wait, if anyone does. */
const HEAD_START_MS = 60_000;

const readPageByPlace = pagesBy('place', bigintText);

/** The lines for sold-out events, as people see them. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly entries: EntriesRepository,
    private readonly events: EventsService,
    private readonly bookings: BookingsService,
    private readonly inventory: InventoryService,
    private readonly memories: InventoryMemoryService,
  ) {}

  /**
   * Puts the caller at the end of the line of an event.
   * Errors: `not_found`, `event_not_on_sale`, `event_ended`, `event_cancelled`, `sale_closed`, `seats_available`,
   * `already_waiting`, `wish_impossible`, `too_many_seats`, `buyer_limit_reached`, `unknown_category`, `unknown_area`,
   * `idempotency_*`.
   */
  async join(
    user: Principal,
    eventId: string,
    wanted: NewEntry,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<EntryBody>> {
    const memory = await this.memories.fresh(eventId);
    if (!memory || memory.sandbox) await this.events.findVisible(user, eventId);
    if (!memory) throw new DomainError('event_not_on_sale');
    const wish = toWish(memory, wanted);
    // Prices may fall yet; the hall stays.
    if (!hasEnough(emptyStock(memory), { ...wish, maxPrice: null })) throw new DomainError('wish_impossible');
    const available = hasEnough(openStock(memory, this.memories.now() - HEAD_START_MS), wish);
    const id = newId();
    const { outcome, subject } = await this.inventory.commitChange(eventId, () =>
      this.entries.join(eventId, id, user.id, wish, available, call),
    );
    if (outcome !== 'ok' && outcome !== 'replay')
      return this.events.refuse(eventId, new DomainError(outcome as ErrorCode));
    const entry = await this.toBody(await this.findOwn(user, subject ?? id));
    return new CallResult(entry, { replayed: outcome === 'replay' });
  }

  /** The caller's own, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, query: EntryQuery): Promise<EntryPage> {
    const page = await readPageByPlace(query, (count, before) => this.entries.list(user.id, count, before));
    return { ...page, data: await Promise.all(page.data.map((row) => this.toBody(row))) };
  }

  /** Errors: `not_found`, also when it is another person's. */
  async read(user: Principal, id: string): Promise<EntryBody> {
    return this.toBody(await this.findOwn(user, id));
  }

  /** Leaves the line, and declines what was offered. Errors: `not_found`, `not_waiting`, `offer_expired`. */
  async leave(user: Principal, id: string): Promise<void> {
    const entry = await this.findOwn(user, id);
    if (entry.state === 'left') return;
    await this.inventory.change(entry.eventId, (since) => this.entries.leave(entry, since)).catch(asOffer);
  }

  /**
   * Makes the offer a hold like others, for the hold time of the event; again for an offer accepted before.
   * Errors: `not_found`, `not_offered`, `offer_expired`, `event_cancelled`.
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

  /** Demand of the waitlist, for the organizer of the event. Errors: `not_found`. */
  async demand(user: Principal, eventId: string): Promise<DemandBody> {
    await this.events.findFor(user, 'people', eventId);
    const memory = await this.memories.open(eventId);
    return toDemandBody(await this.entries.demand(eventId), memory?.seats.categories ?? []);
  }

  private async answer(user: Principal, entry: EntryRecord, action: 'accept' | 'release'): Promise<void> {
    const { eventId, bookingId, state } = entry;
    if (state !== 'offered')
      await this.events.refuse(
        eventId,
        new DomainError(state === 'expired' ? 'offer_expired' : 'not_offered'),
      );
    await this.inventory
      .changeBooking({
        eventId,
        bookingId: bookingId!,
        action,
        userId: user.id,
        actor: user.id,
        correlationId: correlationId(),
      })
      .catch(asOffer)
      .catch(async (error) => {
        // The same answer came twice at once, as from two tabs, and the other request was quicker.
        const { state } = await this.findOwn(user, entry.id);
        if (state !== (action === 'accept' ? 'accepted' : 'declined'))
          await this.events.refuse(eventId, error);
      });
  }

  private async findOwn(user: Principal, id: string): Promise<EntryRecord> {
    const entry = await this.entries.find(id);
    if (entry?.userId !== user.id)
      throw new DomainError('not_found', { detail: 'There is no such entry of yours.' });
    return entry;
  }

  private async toBody(entry: EntryRecord): Promise<EntryBody> {
    return toEntryBody(entry, (await this.memories.open(entry.eventId))!);
  }
}

/** The hold behind an offer may have ended in between. */
function asOffer(error: unknown): never {
  if (error instanceof DomainError && error.code === 'hold_expired') throw new DomainError('offer_expired');
  if (error instanceof DomainError && error.code === 'not_held') throw new DomainError('not_offered');
  throw error;
}
