import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { DomainError } from '../src/platform/common/domain-error.js';
import { newCode, newId } from '../src/platform/common/ids.js';
import { SEAT } from '../src/platform/common/seat-states.js';
import {
  BookingRow,
  FactRow,
  FeedRow,
  InventoryRow,
  ItemRow,
  PriceRow,
  SeatRow,
} from './textbook.entities.js';

interface Lot {
  inventory: InventoryRow;
  seats: SeatRow[];
  now: Date;
  until: Date;
}

/**
 * A hold as one writes it with an ORM: a transaction that locks, checks, inserts and updates. It writes the rows that
 * the product writes; `insert` and `update` instead of `save`, which would read each row once more.
 */
@Injectable()
export class TextbookHolds {
  constructor(private readonly source: DataSource) {}

  /** Locks the event; takes its next seq and writes the feed. */
  underEventLock(eventId: string, wanted: number[], userId: string) {
    return this.source.transaction(async (tx) => {
      const inventory = await tx.findOneOrFail(InventoryRow, {
        where: { eventId },
        lock: { mode: 'pessimistic_write' },
      });
      const seats = await tx.find(SeatRow, { where: { eventId, n: In(wanted) } });
      const lot = toLot(inventory, seats, wanted);
      const answer = await write(tx, lot, userId);
      const seq = Number(inventory.seq) + 1;
      await tx.update(InventoryRow, { eventId }, { seq: String(seq) });
      await tx.insert(FeedRow, {
        eventId,
        seq,
        changes: seats.map(({ n }) => n * 4 + SEAT.HELD),
        areas: [],
        holdUntil: lot.until,
        priceVersion: inventory.priceVersion,
        at: lot.now,
      });
      return answer;
    });
  }

  /** Locks the seats only, so that it can have neither seq nor feed. */
  underSeatLocks(eventId: string, wanted: number[], userId: string) {
    return this.source.transaction(async (tx) => {
      const inventory = await tx.findOneByOrFail(InventoryRow, { eventId });
      const seats = await tx.find(SeatRow, {
        where: { eventId, n: In(wanted) },
        order: { n: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      });
      return write(tx, toLot(inventory, seats, wanted), userId);
    });
  }
}

function toLot(inventory: InventoryRow, seats: SeatRow[], wanted: number[]): Lot {
  const now = new Date();
  if (inventory.status !== 'published' || inventory.saleUntil <= now) throw new DomainError('sale_closed');
  const free = seats.filter(
    ({ state, holdUntil }) => state === SEAT.FREE || (state === SEAT.HELD && holdUntil! <= now),
  );
  if (free.length < wanted.length) throw new DomainError('seats_taken');
  return { inventory, seats, now, until: new Date(now.getTime() + inventory.holdSeconds * 1000) };
}

async function write(tx: EntityManager, { inventory, seats, now, until }: Lot, userId: string) {
  const { eventId, currency } = inventory;
  const tiers = await tx.findBy(PriceRow, { eventId, category: In(seats.map(({ category }) => category)) });
  const priceOf = (seat: SeatRow) => Number(tiers.find(({ category }) => category === seat.category)!.price);
  const id = newId();
  const code = newCode();
  const total = seats.reduce((sum, seat) => sum + priceOf(seat), 0);
  const items = seats.map((seat) => ({ id: newId(), n: seat.n, price: priceOf(seat) }));
  const held = { status: 'held', expiresAt: until, heldUntil: until };
  await tx.insert(BookingRow, { eventId, id, userId, code, ...held, currency, total, createdAt: now });
  await tx.insert(
    ItemRow,
    items.map((item) => ({ ...item, eventId, bookingId: id, status: 'held' })),
  );
  await tx.insert(FactRow, {
    streamId: id,
    version: 1,
    eventId,
    stream: 'booking',
    type: 'booking.held',
    data: {
      userId,
      code,
      expiresAt: until,
      currency,
      total,
      items: items.map((item) => [item.id, item.n, null, item.price]),
    },
    actor: userId,
  });
  await tx.update(
    SeatRow,
    { eventId, n: In(items.map(({ n }) => n)) },
    { state: 1, bookingId: id, holdUntil: until },
  );
  return {
    id,
    code,
    status: 'held',
    eventId,
    expiresAt: until,
    currency,
    total,
    items: items.map(({ id: itemId, n, price }) => ({
      id: itemId,
      status: 'held',
      seat: { n, label: String(n) },
      area: null,
      place: { block: null, row: null, seat: String(n), text: `Seat ${n}` },
      price,
    })),
  };
}
