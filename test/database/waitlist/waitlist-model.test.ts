import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { InventoryService } from '../../../src/inventory/changes/inventory.service.js';
import { HoldsService } from '../../../src/inventory/holds/holds.service.js';
import type { BookingChange } from '../../../src/inventory/memory/feed.js';
import { newId } from '../../../src/platform/common/ids.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { MatcherService } from '../../../src/waitlist/matcher.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { openSale, plainHall } from '../../support/halls.js';
import { lapse } from '../../support/lapse.js';
import { LineModel, type ModelOffer } from '../../support/line-model.js';
import { rush } from '../../support/load.js';
import { note } from '../../support/note.js';
import { randomFrom, SEED } from '../../support/random.js';

const ROWS = 60;
const WIDTH = 15;
const PLACES = 60;
const ENTRIES = 500;
const CANCELLATIONS = 300;

describe(`the waitlist against a model (SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false }, waitlist: { worker: false } });
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  test(`offers every freed seat to the right person: ${ENTRIES} entries, ${CANCELLATIONS} cancellations`, async () => {
    const { eventId } = await openSale(app, plainHall(ROWS, WIDTH, [{ name: 'Floor', capacity: PLACES }]));
    const inventory = app.nest.get(InventoryService);
    const change = (bookingId: string, action: BookingChange['action']) =>
      inventory.changeBooking({
        eventId,
        bookingId,
        action,
        userId: null,
        seconds: 900,
        actor: null,
        correlationId: null,
      });

    // Everything is sold, in groups of one to four.
    const sold: ModelOffer[] = [];
    const hold = async (seats: number[], places: number) => {
      const areas = places > 0 ? [{ area: 'Floor', quantity: places }] : undefined;
      const wanted = { seats: seats.length > 0 ? seats : undefined, areas };
      const { id } = await app.nest.get(HoldsService).hold(eventId, wanted, { userId: newId() });
      await change(id, 'pay');
      await change(id, 'confirm');
      sold.push({ id, seats, places });
    };
    for (let n = 0; n < ROWS * WIDTH; ) {
      const size = Math.min(1 + Math.floor(random() * 4), WIDTH - (n % WIDTH));
      await hold(
        Array.from({ length: size }, (_, i) => n + i),
        0,
      );
      n += size;
    }
    for (let left = PLACES; left > 0; left -= 2) await hold([], 2);
    assert.ok(sold.length >= CANCELLATIONS, `${sold.length} bookings`);

    // They join at once, in whatever order that gives.
    const people = await app.people(ENTRIES);
    const wishes = people.map(() => {
      const quantity = pick([1, 1, 2, 2, 3, 4, 4, 6]);
      const kind = random();
      return {
        quantity,
        minQuantity: random() < 0.5 ? quantity : Math.ceil(quantity / 2),
        together: random() < 0.5,
        ...(kind < 0.4 && { categories: [pick(['C0', 'C1', 'C2'])] }),
        ...(kind > 0.8 && { areas: ['Floor'] }),
      };
    });
    const { statuses } = await rush(ENTRIES, 16, (i) =>
      people[i]!.client.post(`/events/${eventId}/waitlist`, wishes[i]),
    );
    assert.deepEqual(statuses, { 201: ENTRIES });

    const waiting = async () =>
      (
        await app.db.query(
          `SELECT id, user_id, quantity, min_quantity AS min, together, categories, coalesce(0 = ANY (areas), true) AS floor,
             bypassed, collecting_until IS NOT NULL AS collecting
           FROM waitlist_entry WHERE event_id = $1 AND state = 'waiting' ORDER BY place`,
          [eventId],
        )
      ).rows;
    const model = new LineModel(
      Array.from({ length: ROWS * WIDTH }, (_, n) => ({
        state: 'sold',
        row: Math.floor(n / WIDTH),
        category: Math.floor(n / (20 * WIDTH)),
      })),
      { kept: 0, sale: 0 },
    );
    model.line = (await waiting()).map(({ user_id, collecting, ...waiter }) => waiter);
    const offers: { entry: string; booking: string; offer: ModelOffer }[] = [];
    let told = '0';
    let served = 0;

    /** Has the line looked at, and compares what was offered and what became of everything. */
    const look = async () => {
      await app.nest.get(MatcherService).match(eventId);
      const { rows } = await app.db.query(
        `SELECT f.pos, f.stream_id AS entry, f.data ->> 'bookingId' AS booking, array_remove(array_agg(i.n), NULL) AS seats,
           count(i.area)::int AS places
         FROM fact f JOIN booking_item i ON i.event_id = f.event_id AND i.booking_id = (f.data ->> 'bookingId')::uuid
         WHERE f.event_id = $1 AND f.type = 'waitlist.offered' AND f.pos > $2 GROUP BY f.pos, f.stream_id, f.data ORDER BY f.pos`,
        [eventId, told],
      );
      told = rows.at(-1)?.pos ?? told;
      served += rows.length;
      const made = rows.map(({ entry: id, seats, places }) => ({ id, seats, places }));
      for (const { entry, booking, seats, places } of rows)
        offers.push({ entry, booking, offer: { id: booking, seats, places } });
      model.look(made);
      assert.deepEqual(
        (await waiting()).map(({ id, bypassed, collecting }) => [id, bypassed, collecting]),
        model.line.map((waiter) => [waiter.id, waiter.bypassed, waiter === model.collector]),
      );
      const { rows: seats } = await app.db.query(
        `SELECT n, CASE WHEN state = ${SEAT.FREE} THEN 'sale' WHEN booking_id IS NULL THEN 'kept' ELSE 'sold' END AS state
         FROM seat WHERE event_id = $1 ORDER BY n`,
        [eventId],
      );
      assert.deepEqual(
        seats.map(({ state }) => state),
        model.seats.map(({ state }) => state),
      );
    };
    const freed = ({ seats, places }: ModelOffer) => {
      for (const n of seats) model.seats[n]!.state = 'kept';
      model.floor.kept += places;
    };
    const takeOne = <T>(from: T[]): T => from.splice(Math.floor(random() * from.length), 1)[0]!;

    const seen = {
      cancelled: 0,
      declined: 0,
      expired: 0,
      accepted: 0,
      left: 0,
      windows: 0,
      strangers: 0,
      refused: 0,
    };
    const actions: Record<string, () => Promise<void>> = {
      cancel: async () => {
        if (seen.cancelled === CANCELLATIONS || sold.length === 0) return;
        const booking = takeOne(sold);
        await change(booking.id, 'cancel');
        await change(booking.id, 'cancelled');
        freed(booking);
        seen.cancelled++;
      },
      decline: async () => {
        if (offers.length === 0) return;
        const { booking, offer } = takeOne(offers);
        await change(booking, 'release');
        freed(offer);
        seen.declined++;
      },
      expire: async () => {
        if (offers.length === 0) return;
        const { booking, offer } = takeOne(offers);
        await lapse(app.db, eventId, booking);
        await inventory.sweep(eventId, 100);
        freed(offer);
        seen.expired++;
      },
      accept: async () => {
        if (offers.length === 0) return;
        const { booking, offer } = takeOne(offers);
        if (random() < 0.5) await change(booking, 'accept');
        await change(booking, 'pay');
        await change(booking, 'confirm');
        sold.push(offer);
        seen.accepted++;
      },
      leave: async () => {
        const waiter = pick(model.line);
        const person = people.find(({ id }) => id === ids.get(waiter.id))!;
        assert.equal((await person.client.delete(`/waitlist/${waiter.id}`)).status, 204);
        model.line = model.line.filter((one) => one !== waiter);
        if (model.collector === waiter) model.collector = undefined;
        seen.left++;
      },
      endWindow: async () => {
        if (!model.collector) return;
        await app.db.query('UPDATE waitlist_entry SET collecting_until = now() WHERE id = $1', [
          model.collector.id,
        ]);
        model.windowIsOver = true;
        seen.windows++;
      },
      stranger: async () => {
        const wanted = random() < 0.5 ? 'sale' : 'kept';
        const n = pick(model.seats.flatMap(({ state }, seat) => (state === wanted ? [seat] : [])));
        if (n === undefined) return;
        const outcome = await app.nest
          .get(HoldsService)
          .hold(eventId, { seats: [n] }, { userId: newId() })
          .then(
            () => 'held',
            ({ code }) => code,
          );
        assert.equal(outcome, model.seats[n]!.state === 'sale' ? 'held' : 'seats_taken');
        model.seats[n]!.state = 'sold';
        if (outcome === 'held') seen.strangers++;
        else {
          model.seats[n]!.state = 'kept';
          seen.refused++;
        }
      },
    };
    const ids = new Map((await waiting()).map(({ id, user_id }) => [id, user_id]));
    const deck = [
      ...Array(8).fill('cancel'),
      'decline',
      'decline',
      'expire',
      'expire',
      'accept',
      'accept',
      'accept',
      'stranger',
      'stranger',
      'leave',
      'endWindow',
    ];
    while (seen.cancelled < CANCELLATIONS) {
      // Several things happen between two looks.
      for (let i = Math.floor(random() * 3); i >= 0; i--) await actions[pick(deck)]!();
      await look();
    }
    note(JSON.stringify({ ...seen, served, stillWaiting: model.line.length }));
    // Seats on sale are rare while so many wait: strangers may find none.
    for (const [what, times] of Object.entries(seen))
      assert.ok(times > 0 || what === 'strangers', `${what} never happened`);
  });
});
