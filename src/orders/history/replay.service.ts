import { Injectable } from '@nestjs/common';
import type { AnyFact } from '../../platform/facts/fact-map.js';
import type { Layout } from '../../venues/layout.js';
import { EventFactsRepository, type Snapshot } from './event-facts.repository.js';
import { inventoryOf, type ReplayedBooking, replayEvent } from './event-replay.rules.js';
import {
  type Difference,
  REPLAYED_TABLES,
  type ReplayedTable,
  ReplayRepository,
} from './replay.repository.js';

export type { Difference, ReplayedTable } from './replay.repository.js';

const EXAMPLES = 20;

/** Result of the replay of one event. */
export interface EventReplay {
  readonly eventId: string;
  readonly facts: number;
  readonly rows: Record<ReplayedTable, number>;
  readonly different: number;
  /** Examples of the differences. */
  readonly examples: readonly Difference[];
  /** Streams whose facts do not follow the lifecycle of a booking. */
  readonly broken: readonly string[];
  /** Seats and places kept for the waitlist, which no fact tells of. */
  readonly reservedForWaitlist: number;
}

/** Builds bookings, items, seats and areas from facts alone and compares them with the tables, in one snapshot. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly facts: EventFactsRepository,
    private readonly scratch: ReplayRepository,
  ) {}

  /** @param eventId null: all events; @param found is told of each event as it is done */
  run(eventId: string | null, found: (event: EventReplay) => void): Promise<void> {
    return this.facts.snapshot(async (client) => {
      await this.scratch.prepare(client);
      const standing = new Set(await this.scratch.events(client, eventId));
      for await (const event of this.facts.byEvent(client, eventId)) {
        const isStanding = standing.delete(event.eventId);
        const replayed = await this.event(client, event.eventId, event.facts);
        if (replayed || isStanding) found(replayed ?? (await this.untold(client, event.eventId)));
      }
      for (const id of standing) found(await this.untold(client, id));
    });
  }

  private untold(client: Snapshot, eventId: string): Promise<EventReplay> {
    return this.compare(client, eventId, [], { seats: [], areas: [] });
  }

  private async event(
    client: Snapshot,
    eventId: string,
    facts: readonly AnyFact[],
  ): Promise<EventReplay | undefined> {
    const { planId } = replayEvent(facts);
    if (!planId) return undefined;
    return this.compare(client, eventId, facts, await this.facts.layout(client, planId));
  }

  private async compare(
    client: Snapshot,
    eventId: string,
    facts: readonly AnyFact[],
    layout: Pick<Layout, 'seats' | 'areas'>,
  ): Promise<EventReplay> {
    const { bookings, blocked, broken } = replayEvent(facts);
    const { seats, areas } = inventoryOf({ bookings, blocked }, layout);
    const told: Record<ReplayedTable, object[]> = {
      booking: bookings.map(bookingRow),
      booking_item: bookings.flatMap(({ id, items }) => items.map((item) => ({ booking_id: id, ...item }))),
      seat: seats.map(({ n, state, bookingId, holdUntil }) => {
        const { category, section, run, accessible } = layout.seats[n]!;
        return { n, state, category, section, run, accessible, booking_id: bookingId, hold_until: holdUntil };
      }),
      area: areas.map((counts) => ({ ...layout.areas[counts.area], ...counts })),
    };
    const rows = {} as Record<ReplayedTable, number>;
    const examples: Difference[] = [];
    let different = broken.length;
    for (const table of REPLAYED_TABLES) {
      await this.scratch.fill(client, table, told[table]);
      const compared = await this.scratch.compare(client, table, eventId, EXAMPLES);
      rows[table] = compared.rows;
      different += compared.different;
      examples.push(...compared.examples);
    }
    const reservedForWaitlist = await this.scratch.countReserved(client, eventId);
    return { eventId, facts: facts.length, rows, different, examples, broken, reservedForWaitlist };
  }
}

const bookingRow = (booking: ReplayedBooking): object => ({
  id: booking.id,
  user_id: booking.userId,
  code: booking.code,
  status: booking.status,
  expires_at: booking.expiresAt,
  held_until: booking.heldUntil,
  extended: booking.extended,
  tries: booking.tries,
  entry_id: booking.entryId,
  currency: booking.currency,
  total: booking.total,
  version: booking.version,
  created_at: booking.createdAt,
});
