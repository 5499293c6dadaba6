import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { Asker, Heard } from '../../../drill/asker.js';
import { Buyers, FLOOR } from '../../../drill/buyers.js';
import { Ledger, type Purchase } from '../../../drill/ledger.js';
import { type Readable, untruths } from '../../../drill/truth.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { createAgent, type Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { settleSagas } from '../../support/money.js';

/** True purchases, then one lie at a time: the proof has to see each. */
describe('the proof of the drills', () => {
  const ledger = new Ledger();
  const heard = new Heard();
  const agent = createAgent();
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp({ payments: { timeoutMs: 300 }, sagas: { leaseMs: 1_000 } });
    const [people, sale, small] = await Promise.all([
      app.people(30),
      openSale(app, plainHall(20, 20, [{ name: FLOOR, capacity: 100 }])),
      openSale(app, plainHall(1, 3)),
    ]);
    const town = { origins: [app.url], agent, people, ledger, heard, sale, seats: 400, small };
    const buyers = new Buyers(town);
    const enough = () =>
      ['held', 'released', 'declined', 'confirmed', 'cancelled', 'scans'].every(
        (what) => (ledger.counts[what] ?? 0) > 2,
      ) && [...ledger.waiting.values()].some(({ told }) => told === 'accepted');
    for (const end = Date.now() + 60_000; !enough() && Date.now() < end; ) await sleep(100);
    await buyers.stop();
    await settleSagas(app);
    assert.ok(enough(), JSON.stringify(ledger.counts));
  });
  afterAll(async () => {
    await agent.destroy();
    await app.close();
  });

  /** Undone afterwards. The triggers and keys that would prevent it are off. */
  const plant = async (sql: string, values: unknown[] = [], look = ledger): Promise<string[]> => {
    const client = await app.db.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL session_replication_role = 'replica'`);
      await client.query('DROP INDEX booking_item_live_seat');
      const { rowCount } = await client.query(sql, values);
      assert.ok(rowCount === null || rowCount > 0, 'something was planted');
      return await untruths(client as Readable, look);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };
  const some = (what: (purchase: Purchase) => boolean): Purchase => {
    const found = [...ledger.purchases.values()].find(what);
    assert.ok(found);
    return found;
  };
  const told = (what: Purchase['told']) => some((purchase) => purchase.told === what);
  const sold = () =>
    some(
      (it) => it.told === 'confirmed' && it.cancelled.size + it.scanned.size === 0 && it.hold.items[0].seat,
    );
  const only = (lines: string[], ...wanted: RegExp[]) => {
    for (const pattern of wanted)
      assert.ok(
        lines.some((line) => pattern.test(line)),
        `${pattern}: ${lines}`,
      );
    for (const line of lines)
      assert.ok(
        wanted.some((pattern) => pattern.test(line)),
        line,
      );
  };

  test('finds nothing where nothing is wrong', async () => {
    assert.deepEqual(await untruths(app.db, ledger), []);
    assert.deepEqual(heard.wrong, []);
    await assertAuditClean(app);
  });

  test('an acknowledged booking that is gone', async () => {
    const { hold } = told('held');
    only(await plant('DELETE FROM booking WHERE id = $1', [hold.id]), /acknowledged and gone \(held\)/);
  });

  test('one that nobody was told of', async () => {
    const less = new Ledger();
    for (const [id, purchase] of [...ledger.purchases].slice(1)) less.purchases.set(id, purchase);
    only(await plant('SELECT 1', [], less), /nobody was told of it/);
  });

  test('other seats or prices than were told', async () => {
    const { hold } = told('released');
    const [item] = hold.items;
    const changed = 'UPDATE booking_item SET price = price + 1 WHERE id = $1';
    only(await plant(changed, [item.id]), /told .* kept/);
    only(await plant(`UPDATE booking SET code = 'AAAA-AAAA' WHERE id = $1`, [hold.id]), /told .* kept/);
  });

  test('a booking that went back on what was told', async () => {
    const as = async (purchase: Purchase, status: string) =>
      plant('UPDATE booking SET status = $2 WHERE id = $1', [purchase.hold.id, status]);
    only(await as(told('confirmed'), 'held'), /told confirmed, is held/);
    only(await as(told('released'), 'held'), /told released, is held/);
    only(await as(told('cancelled'), 'confirmed'), /told cancelled, is confirmed/);
    only(await as(told('declined'), 'confirmed'), /told declined, is confirmed/);
    only(await as(told('held'), 'expired'), /told held, is expired/);
  });

  test('a cancelled item that is sold again to the same, a sold one without a ticket', async () => {
    const { cancelled } = some((purchase) => purchase.cancelled.size > 0);
    const [id] = cancelled;
    const back = `UPDATE booking_item SET status = 'confirmed' WHERE id = $1`;
    // Its seat may have a new owner or not.
    const found = (await plant(back, [id])).filter((line) => !/sold (twice|without a ticket)/.test(line));
    only(found, /told cancelled, is confirmed/, /money and tickets differ/);
    const [item] = sold().hold.items;
    only(await plant('DELETE FROM ticket WHERE item_id = $1', [item.id]), /sold without a ticket/);
  });

  test('a gate that forgets whom it let in', async () => {
    const [ticket] = some(({ scanned }) => scanned.size > 0).scanned;
    const forget = 'UPDATE ticket SET checked_in_at = NULL, gate = NULL WHERE id = $1';
    only(await plant(forget, [ticket]), /was let in, and that is forgotten/);
  });

  test('a seat sold twice: by the database, and by what two people were told', async () => {
    const first = sold();
    const other = some((it) => it.told === 'held' && it.eventId === first.eventId && it.hold.items[0].seat);
    const { n } = first.hold.items[0].seat;
    const same = 'UPDATE booking_item SET n = $2 WHERE id = $1';
    only(await plant(same, [other.hold.items[0].id, n]), /sold twice/, /told .* kept/);
    const liars = new Ledger();
    for (const [id, purchase] of ledger.purchases) liars.purchases.set(id, purchase);
    const items = first.hold.items.map((item: Json) => ({ ...item, id: `${item.id}-2` }));
    liars.purchases.set('second', { ...first, hold: { ...first.hold, items } });
    only(await plant('SELECT 1', [], liars), /were both told so/, /told .* kept/);
  });

  test('money that was taken for nothing, kept, given back or left aside', async () => {
    const { hold } = sold();
    const charge = (set: string) =>
      plant(
        `UPDATE sandbox_charge SET ${set} WHERE key = (SELECT idempotency_key FROM payment WHERE booking_id = $1 AND status = 'captured')`,
        [hold.id],
      );
    only(await charge('amount = amount + 1'), /money and tickets differ/);
    only(await charge('refunded = amount'), /money and tickets differ/);
    only(await charge(`state = 'authorized'`), /money and tickets differ .*"aside":"?[1-9]/);
    only(
      await plant(`DELETE FROM payment WHERE booking_id = $1`, [hold.id]),
      /money and tickets differ .*"kept":"?0/,
    );
  });

  test('a place in the line that is gone, or that somebody else decided about', async () => {
    const { id } = [...ledger.waiting.values()].find((entry) => entry.told === 'accepted')!;
    only(await plant('DELETE FROM waitlist_entry WHERE id = $1', [id]), /entry .*: acknowledged and gone/);
    const left = `UPDATE waitlist_entry SET state = 'expired' WHERE id = $1`;
    only(await plant(left, [id]), /told accepted, is expired/);
  });

  test('answers that no client should hear', async () => {
    const answers: [number, object][] = [
      [500, {}],
      [503, {}],
      [503, { 'retry-after': '1' }],
      [200, {}],
    ];
    const server = createServer((_, response) => {
      const [status, headers] = answers.shift()!;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const hears = new Heard();
    const { port } = server.address() as AddressInfo;
    const asker = new Asker([`http://127.0.0.1:${port}`], agent, '', hears);
    assert.equal((await asker.post('/anything')).tries, 4);
    only(hears.wrong, /: 500/, /: 503/);
    assert.equal(hears.wrong.length, 2);
    server.close();
  });
});
