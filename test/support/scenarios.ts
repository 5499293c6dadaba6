import assert from 'node:assert/strict';
import type { TestApp } from './app.js';
import { assertAuditClean } from './audit.js';
import type { Answer, Client, Json } from './client.js';
import { openSale, plainHall, realHall } from './halls.js';
import { type Rush, rush } from './load.js';

/** Each opens a sale, lets all buyers ask for holds at once, and compares what they heard with what the database has. */
export class Scenarios {
  /** @param buyers a client of each, wherever it may lead */
  constructor(
    private readonly app: TestApp,
    private readonly buyers: readonly Client[],
  ) {}

  /** One gets the seat, all others hear 409. */
  async oneSeat(): Promise<Rush> {
    const { eventId } = await openSale(this.app, realHall());
    const result = await this.everyone((buyer) => hold(buyer, eventId, { seats: [600] }));
    assert.deepEqual(result.statuses, { 201: 1, 409: this.buyers.length - 1 });
    for (const { status, body } of result.answers)
      if (status === 409) assert.deepEqual([body.code, body.conflicts], ['seats_taken', [600]]);
    await this.auditAgainst(eventId, won(result));
    return result;
  }

  /** Overlapping groups of 2 to 8 seats: all or nothing, no seat twice, no conflict that nobody holds. */
  async groups(): Promise<Rush> {
    const { eventId } = await openSale(this.app, realHall());
    const result = await this.everyone((buyer) => {
      const seats = new Set<number>();
      const size = 2 + Math.floor(Math.random() * 7);
      while (seats.size < size) seats.add(Math.floor(Math.random() * 300));
      return hold(buyer, eventId, { seats: [...seats] });
    });
    assert.deepEqual(Object.keys(result.statuses), ['201', '409']);
    const seats = won(result).flatMap(({ items }) => items.map((item: Json) => item.seat.n));
    assert.equal(new Set(seats).size, seats.length);
    for (const { status, body } of result.answers)
      if (status === 409)
        assert.ok(
          body.conflicts.length > 0 && body.conflicts.every((n: number) => seats.includes(n)),
          'a conflict that nobody holds',
        );
    await this.auditAgainst(eventId, won(result));
    return result;
  }

  /** 248 standing places in groups of 1 to 4: never above, and nobody is refused while their number fits. */
  async places(): Promise<Rush> {
    const { eventId } = await openSale(this.app, realHall());
    const result = await this.everyone((buyer, i) =>
      hold(buyer, eventId, { areas: [{ area: 'Stehplatz', quantity: 1 + (i % 4) }] }),
    );
    const places = won(result).reduce((sum, { items }) => sum + items.length, 0);
    assert.deepEqual(Object.keys(result.statuses), ['201', '409']);
    assert.equal(places, 248);
    for (const { status, body } of result.answers) if (status === 409) assert.equal(body.code, 'area_full');
    await this.auditAgainst(eventId, won(result));
    await this.assertRefusedOnlyWhatDidNotFit(eventId, result, 248);
    return result;
  }

  /** Best seats, one each, until nothing is left: exactly the hall is sold. */
  async lastSeats(): Promise<Rush> {
    const { eventId } = await openSale(this.app, plainHall(20, 20));
    const result = await this.everyone((buyer) => hold(buyer, eventId, { best: { quantity: 1 } }));
    assert.deepEqual(result.statuses, { 201: 400, 409: this.buyers.length - 400 });
    for (const { status, body } of result.answers) if (status === 409) assert.equal(body.code, 'sold_out');
    await this.auditAgainst(eventId, won(result));
    return result;
  }

  /** Every acknowledged hold is in the database as it was told, and nothing else is. */
  async auditAgainst(eventId: string, holds: { id: string; items: { id: string }[] }[]): Promise<void> {
    await assertAuditClean(this.app);
    const { rows } = await this.app.db.query(
      `SELECT booking_id AS id, array_agg(id ORDER BY id) AS items FROM booking_item WHERE event_id = $1 AND status = 'held'
       GROUP BY 1 ORDER BY 1`,
      [eventId],
    );
    const told = holds.map(({ id, items }) => ({ id, items: items.map((item) => item.id).sort() }));
    assert.deepEqual(
      rows,
      told.sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  }

  everyone(request: (buyer: Client, index: number) => Promise<Answer>): Promise<Rush> {
    const { length } = this.buyers;
    return rush(length, length, (index) => request(this.buyers[index]!, index));
  }

  /** Places only fill up here: in the order of the facts, whoever was refused came when less was left than asked for. */
  private async assertRefusedOnlyWhatDidNotFit(
    eventId: string,
    { answers }: Rush,
    capacity: number,
  ): Promise<void> {
    const { rows } = await this.app.db.query(
      `SELECT sum(jsonb_array_length(data -> 'items')) AS places FROM fact WHERE event_id = $1 AND type = 'booking.held'`,
      [eventId],
    );
    const left = capacity - Number(rows[0].places);
    answers.forEach(({ status }, i) => {
      if (status === 409) assert.ok(1 + (i % 4) > left, `${1 + (i % 4)} refused with ${left} left`);
    });
  }
}

export const hold = (buyer: Client, eventId: string, wanted: object) =>
  buyer.post(`/events/${eventId}/holds`, wanted);

export const won = ({ answers }: Rush): Json[] =>
  answers.filter(({ status }) => status === 201).map(({ body }) => body);
