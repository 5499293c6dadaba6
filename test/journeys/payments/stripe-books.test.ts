import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ProviderEventsService } from '../../../src/payments/reconciliation/provider-events.service.js';
import { ReconciliationService } from '../../../src/payments/reconciliation/reconciliation.service.js';
import type { Json } from '../../support/client.js';
import { assertBooksAgree } from '../../support/stripe-books.js';
import { StripeShop, TWO_STEPS, token, VISA } from '../../support/stripe-shop.js';
import { STRIPE_WEBHOOK_SECRET } from '../../support/stripe-stand-in.js';
import { until } from '../../support/until.js';

const shuffle = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

describe("stripe's word and books", () => {
  let shop: StripeShop;

  beforeAll(async () => {
    shop = await StripeShop.open();
  });

  afterAll(() => shop.close());

  describe('webhooks', () => {
    test('are believed only when Stripe signed them just now', async () => {
      await shop.bought();
      const event = shop.stripe.ledger.events[0]!;
      const post = (body: Buffer, signature?: string) =>
        shop.app
          .client()
          .post(
            '/payments/webhooks/stripe',
            body,
            signature === undefined ? {} : { 'stripe-signature': signature },
          );
      const good = shop.stripe.signed(event);
      const old = shop.stripe.signed(event, STRIPE_WEBHOOK_SECRET, Math.floor(Date.now() / 1000) - 600);
      const forged = shop.stripe.signed(event, 'whsec_other');
      const changed = Buffer.from(good.body.toString().replace('pi_', 'pj_'));
      for (const [body, signature] of [
        [good.body, undefined],
        [good.body, 'nonsense'],
        [old.body, old.signature],
        [forged.body, forged.signature],
        [changed, good.signature],
      ] as const) {
        const answer = await post(body, signature);
        assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_signature']);
      }
      assert.equal((await post(Buffer.from('{"id":'), good.signature)).body.code, 'malformed_json');
      assert.equal((await post(good.body, good.signature)).status, 204);
      assert.equal((await post(good.body, good.signature)).status, 204, 'again');
    });

    test('about other things are kept and leave everything as it is', async () => {
      const about = (id: string, object: object) => ({ id, object: 'event', type: 'x.y', data: { object } });
      assert.equal((await shop.send(about('evt_product', { object: 'product', id: 'prod_1' }))).status, 204);
      assert.equal(
        (await shop.send(about('evt_stranger', { object: 'payment_intent', id: 'pi_x' }))).status,
        204,
      );
      // Somebody else's, in a state that we never bring about.
      const foreign = { amount: '900', currency: 'eur', payment_method: VISA };
      for (const status of ['requires_confirmation', 'processing']) {
        const intent = shop.stripe.ledger.create(foreign);
        intent.status = status;
        await shop.send(shop.eventsOf(intent.id)[0]!);
      }
      await shop.handled();
      const metrics = (await shop.app.client().get('//metrics')).body;
      assert.doesNotMatch(metrics, /evently_remote_call_seconds_count\{.*outcome="failed"/);
    });

    test('whose replica died before it handled them are handled by another', async () => {
      const { id } = await shop.hold();
      assert.equal((await shop.checkout(id, token(TWO_STEPS))).status, 202);
      const [intent] = shop.intents(id);
      shop.stripe.ledger.authenticate(intent!.id, true);
      await shop.app.db.query(
        `INSERT INTO provider_event (provider, id, type, ref, received_at)
         VALUES ('stripe', 'evt_left', 'payment_intent.amount_capturable_updated', $1, now() - interval '1 minute')`,
        [intent!.id],
      );
      await shop.app.nest.get(ProviderEventsService).handleOverdue();
      await shop.handled();
      await until(async () => (await shop.read(id)).status === 'confirmed');
    });

    test('twice, late and in any order lead to one state', async () => {
      const held = await Promise.all(Array.from({ length: 30 }, () => shop.hold(1)));
      await Promise.all(
        held.map(async ({ id }, i) => {
          const { status } = await shop.checkout(id, token(i % 3 === 0 ? VISA : TWO_STEPS));
          assert.equal(status, i % 3 === 0 ? 200 : 202);
        }),
      );
      const mine = held.map(({ id }) => shop.intents(id)[0]!);
      mine.forEach((intent, i) => {
        if (i % 3 !== 0) shop.stripe.ledger.authenticate(intent.id, i % 3 === 1);
      });
      const deliver = async () => {
        const events = mine.flatMap(({ id }) => shop.eventsOf(id));
        const answers = await Promise.all(shuffle([...events, ...events, ...events]).map(shop.send));
        assert.ok(answers.every(({ status }) => status === 204));
        await shop.handled();
      };
      // The first round causes events of its own; the second delivers old and new ones.
      await deliver();
      await deliver();
      await until(() =>
        mine.every(({ status }) => status === 'succeeded' || status === 'requires_payment_method'),
      );
      await until(async () => {
        const { rows } = await shop.app.db.query("SELECT 1 FROM booking WHERE status = 'paying'");
        return rows.length === 0;
      });
      const states = await Promise.all(held.map(async ({ id }) => (await shop.read(id)).status));
      assert.deepEqual(
        states,
        held.map((_, i) => (i % 3 === 2 ? 'held' : 'confirmed')),
      );
      assert.deepEqual(
        mine.map(({ status }) => status),
        held.map((_, i) => (i % 3 === 2 ? 'requires_payment_method' : 'succeeded')),
      );
    });
  });

  describe('reconciliation', () => {
    test('finds nothing where the books agree', async () => {
      const compared = await shop.admin.client.post('/admin/payments/compare', { days: 1 });
      assert.deepEqual([compared.status, compared.body.complete], [200, true]);
      assert.equal((await shop.buyer.client.post('/admin/payments/compare', {})).status, 403);
      assert.deepEqual(await shop.discrepancies(), []);
      await assertBooksAgree(shop.app, shop.stripe);
    });

    test('gives back a charge that arrives after it was given up', async () => {
      const { id } = await shop.hold();
      assert.equal((await shop.checkout(id, token(TWO_STEPS))).status, 202);
      const [intent] = shop.intents(id);
      shop.stripe.ledger.authenticate(intent!.id, false);
      await shop.send(shop.eventsOf(intent!.id).at(-1)!);
      await until(async () => (await shop.read(id)).status === 'held');
      // The buyer's browser tries again with the secret that it has.
      shop.stripe.ledger.authenticate(intent!.id, true);
      await shop.reconcile();
      assert.equal(intent!.status, 'canceled');
      const repaired = await shop.discrepancies('repaired');
      assert.ok(repaired.some((d: Json) => d.kind === 'stray_voided' && d.ref === intent!.id));
      await shop.reconcile();
      assert.equal((await shop.discrepancies('repaired')).length, repaired.length);
    });

    test('reports what was refunded or disputed with Stripe, once, until an administrator has settled it', async () => {
      const [refunded, disputed] = [await shop.bought(), await shop.bought()];
      const [first, second] = [shop.intents(refunded.id)[0]!, shop.intents(disputed.id)[0]!];
      shop.stripe.ledger.refund({ payment_intent: first.id, amount: '1500' });
      shop.stripe.ledger.dispute(second.id);
      for (const event of [...shop.eventsOf(first.id), ...shop.eventsOf(second.id)]) await shop.send(event);
      await shop.handled();
      await shop.reconcile();
      const open = await shop.discrepancies();
      const told = open.map(({ kind, ref, expected, found }: Json) => ({ kind, ref, expected, found }));
      assert.deepEqual(
        told.sort((a: Json, b: Json) => a.kind.localeCompare(b.kind)),
        [
          { kind: 'disputed', ref: second.id, expected: { disputed: false }, found: { disputed: true } },
          { kind: 'refunded_elsewhere', ref: first.id, expected: { refunded: 0 }, found: { refunded: 1500 } },
        ],
      );
      const metrics = (await shop.app.client().get('//metrics')).body;
      assert.match(metrics, /evently_payment_discrepancies\{kind="disputed"\} 1/);

      const path = `/admin/payments/discrepancies/${open[0].id}/resolve`;
      assert.equal((await shop.buyer.client.post(path, { note: 'mine' })).status, 403);
      assert.equal((await shop.admin.client.post(path, {})).status, 400);
      const resolved = await shop.admin.client.post(path, { note: 'Talked to the bank' });
      assert.deepEqual([resolved.status, resolved.body.status], [200, 'resolved']);
      assert.equal(resolved.body.resolvedBy, shop.admin.id);
      const again = await shop.admin.client.post(path, { note: 'Another word' });
      assert.deepEqual(again.body, resolved.body);
      await shop.reconcile();
      assert.equal((await shop.discrepancies()).length, 1, 'told once');
      await shop.admin.client.post(`/admin/payments/discrepancies/${open[1].id}/resolve`, { note: 'Fine' });
    });

    test('begins anew where Stripe does not answer', async () => {
      const until = () => shop.app.nest.get(ReconciliationService).until();
      const before = await until();
      shop.once('GET /v1/payment_intents', 'fail_before', 'fail_before', 'fail_before');
      assert.equal(await shop.reconcile(), false);
      assert.deepEqual(await until(), before);
      assert.equal(await shop.reconcile(), true);
      assert.ok((await until())! > before!);
    });

    test('reports money that no payment here knows, and sales whose money is not there', async () => {
      // More than a page of somebody else's, who uses the same account.
      for (let i = 0; i < 120; i++)
        shop.stripe.ledger.create({ amount: '900', currency: 'eur', payment_method: VISA });
      const metadata = { evently_key: 'pay_of_a_lost_database' };
      shop.stripe.ledger.create({ amount: '700', currency: 'eur', payment_method: VISA, metadata });
      const [differs, missing] = [await shop.bought(), await shop.bought()];
      shop.intents(differs.id)[0]!.amount = 1;
      shop.stripe.ledger.intents.delete(shop.intents(missing.id)[0]!.id);
      await shop.app.db.query(
        "UPDATE payment SET created_at = now() - interval '5 minutes' WHERE booking_id = $1",
        [missing.id],
      );
      await shop.reconcile();
      assert.deepEqual((await shop.discrepancies()).map(({ kind }: Json) => kind).sort(), [
        'amount_differs',
        'missing_at_provider',
        'unknown_payment',
      ]);
    });
  });

  test('were asked for only as Stripe understands', () => {
    assert.deepEqual(shop.stripe.faults, []);
  });
});
