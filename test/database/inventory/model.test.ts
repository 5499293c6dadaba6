import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { BlockingService } from '../../../src/inventory/changes/blocking.service.js';
import { InventoryService } from '../../../src/inventory/changes/inventory.service.js';
import { HoldsService } from '../../../src/inventory/holds/holds.service.js';
import { InventoryMemoryService } from '../../../src/inventory/memory/inventory-memory.service.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { InventoryModel, type ModelBooking } from '../../support/inventory-model.js';
import { lapse } from '../../support/lapse.js';
import { assertAsFactsTell, replayEvents } from '../../support/replayed.js';

const SEATS = 12;
const PLACES = 5;
const STATES = ['free', 'held', 'booked', 'blocked'];
const ACTIONS = ['release', 'extend', 'pay', 'decline', 'confirm', 'cancel', 'cancelled', 'restore'] as const;

type Step =
  | { do: 'hold'; seats: number[]; places: number }
  | { do: 'change'; action: (typeof ACTIONS)[number]; which: number }
  | { do: 'block'; seats: number[]; block: boolean }
  | { do: 'lapse'; which: number }
  | { do: 'sweep' };

const seats = (min: number, max: number) =>
  fc.uniqueArray(fc.nat(SEATS - 1), { minLength: min, maxLength: max });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('hold' as const), seats: seats(1, 3), places: fc.nat(2) }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      action: fc.constantFrom(...ACTIONS),
      which: fc.nat(30),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('block' as const), seats: seats(1, 3), block: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lapse' as const), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
);

describe('hold, release, expire, pay, confirm, cancel and block against a model', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  const open = () => openSale(app, plainHall(1, SEATS, [{ name: 'Floor', capacity: PLACES }]));

  /** Carries a step out; returns 'ok' or the error code, and the id of a new hold. */
  async function act(sale: Sale, step: Step, ids: string[]): Promise<{ code: string; held?: string }> {
    const { eventId, organizer } = sale;
    const who = {
      id: organizer.id,
      role: 'organizer' as const,
      sessionId: organizer.sessionId,
      locale: 'en' as const,
    };
    try {
      if (step.do === 'hold') {
        const areas = step.places > 0 ? [{ area: 'Floor', quantity: step.places }] : undefined;
        const held = await app.nest
          .get(HoldsService)
          .hold(eventId, { seats: step.seats, areas }, { userId: newId() });
        return { code: 'ok', held: held.id };
      }
      if (step.do === 'block')
        await app.nest.get(BlockingService)[step.block ? 'block' : 'unblock'](who, eventId, step.seats);
      if (step.do === 'sweep') await app.nest.get(InventoryService).sweep(eventId, 100);
      const bookingId = 'which' in step && ids.length > 0 ? ids[step.which % ids.length]! : undefined;
      if (step.do === 'change' && bookingId) {
        if (step.action === 'restore') return { code: await restore(eventId, bookingId) };
        await app.nest.get(InventoryService).changeBooking({
          eventId,
          bookingId,
          action: step.action,
          userId: null,
          seconds: 900,
          actor: null,
          correlationId: null,
        });
      }
      if (step.do === 'lapse' && bookingId) {
        await lapse(app.db, eventId, bookingId);
        await app.nest.get(InventoryMemoryService).catchUp();
      }
      return { code: 'ok' };
    } catch (error) {
      if (error instanceof DomainError) return { code: error.code };
      throw error;
    }
  }

  /** As the checkout of a late payment does it; see late-payments.test.ts for its other seats. */
  async function restore(eventId: string, bookingId: string): Promise<string> {
    const { rows } = await app.db.query('SELECT booking_restore_v1($1, $2, NULL, 0, NULL, NULL) AS result', [
      eventId,
      bookingId,
    ]);
    await app.nest.get(InventoryMemoryService).catchUp();
    return rows[0].result.outcome;
  }

  async function states(eventId: string): Promise<{ seats: string[]; held: number; booked: number }> {
    const seats = await app.db.query('SELECT state FROM seat WHERE event_id = $1 ORDER BY n', [eventId]);
    const { rows } = await app.db.query('SELECT held, booked FROM area WHERE event_id = $1', [eventId]);
    return {
      seats: seats.rows.map(({ state }) => STATES[state]!),
      held: rows[0].held,
      booked: rows[0].booked,
    };
  }

  /** `npm run replay` finds nothing in what a history has left. */
  async function assertReplayed(eventId: string): Promise<void> {
    const replays = await replayEvents(app, eventId);
    assert.equal(replays.length, 1);
    assertAsFactsTell(replays);
  }

  test('one client: every answer and every state is the model’s, and facts alone give the tables', async () => {
    const run = async (steps: Step[]) => {
      const sale = await open();
      const model = new InventoryModel(SEATS, PLACES);
      const ids: string[] = [];
      for (const [index, step] of steps.entries()) {
        const { code, held } = await act(sale, step, ids);
        assert.equal(code, predict(model, step), `step ${index}: ${JSON.stringify(step)}`);
        if (held) ids.push(held);
      }
      assert.deepEqual(await states(sale.eventId), {
        seats: model.seats.map((s) => s.state),
        ...model.places(),
      });
      await assertReplayed(sale.eventId);
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), { numRuns: 60 });
  });

  test('several clients at once: the facts, in their order, are a history the model allows, and give its end state and the tables', async () => {
    const run = async (clients: Step[][]) => {
      const sale = await open();
      const ids: string[] = [];
      const acknowledged: string[] = [];
      await Promise.all(
        clients.map(async (steps) => {
          for (const step of steps) {
            const { held } = await act(sale, step, ids);
            if (!held) continue;
            ids.push(held);
            acknowledged.push(held);
          }
        }),
      );
      const { rows } = await app.db.query(
        `SELECT stream_id AS id, type, data FROM fact WHERE event_id = $1 AND stream IN ('booking', 'inventory') ORDER BY pos`,
        [sale.eventId],
      );
      const model = replay(rows);
      for (const id of acknowledged)
        assert.ok(rows.some((fact) => fact.id === id && fact.type === 'booking.held'));
      assert.deepEqual(await states(sale.eventId), {
        seats: model.seats.map((s) => s.state),
        ...model.places(),
      });
      const seen = (await app.nest.get(InventoryMemoryService).fresh(sale.eventId))!;
      assert.deepEqual(
        Array.from({ length: SEATS }, (_, n) => STATES[seen.state(n)]),
        model.seats.map((s) => s.state),
      );
      await assertReplayed(sale.eventId);
    };
    const clients = fc.array(fc.array(step, { minLength: 3, maxLength: 12 }), { minLength: 3, maxLength: 6 });
    await fc.assert(fc.asyncProperty(clients, run), { numRuns: 40 });
  });
});

function predict(model: InventoryModel, step: Step): string {
  if (step.do === 'hold') {
    const booking = model.hold(step.seats, step.places);
    return typeof booking === 'string' ? booking : 'ok';
  }
  if (step.do === 'block') return model.block(step.seats, step.block);
  if (step.do === 'sweep') model.sweep();
  const booking = 'which' in step ? model.bookings[step.which % model.bookings.length] : undefined;
  if (!booking) return 'ok';
  if (step.do === 'lapse') model.lapse(booking);
  return step.do === 'change' ? model.change(booking, step.action) : 'ok';
}

/** Plays facts through the model; anything it does not allow fails. Expiry facts come before what took the seat. */
function replay(facts: { id: string; type: string; data: Json }[]): InventoryModel {
  const model = new InventoryModel(SEATS, PLACES);
  const bookings = new Map<string, ModelBooking>();
  for (const { id, type, data } of facts) {
    if (type === 'seats.blocked' || type === 'seats.unblocked') {
      assert.equal(model.block(data.seats, type === 'seats.blocked'), 'ok');
    } else if (type === 'booking.held') {
      const items = data.items as [string, number | null, number | null, number][];
      const booking = model.hold(
        items.flatMap(([, n]) => (n === null ? [] : [n])),
        items.filter(([, n]) => n === null).length,
      );
      assert.ok(typeof booking !== 'string', `a hold that the model refuses: ${booking}`);
      bookings.set(id, booking);
    } else if (type === 'booking.expired') {
      model.lapse(bookings.get(id)!);
      assert.equal(model.change(bookings.get(id)!, 'release'), 'hold_expired');
    } else {
      const action = {
        released: 'release',
        extended: 'extend',
        paying: 'pay',
        declined: 'decline',
        confirmed: 'confirm',
        cancelling: 'cancel',
        cancelled: 'cancelled',
        restored: 'restore',
      }[type.split('.')[1]!]!;
      assert.equal(model.change(bookings.get(id)!, action), 'ok', type);
    }
  }
  return model;
}
