import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { Allowance } from '../../../src/platform/observability/allowance.js';
import { parseTraceparent } from '../../../src/platform/observability/traceparent.js';
import { startApp, type TestApp } from '../../support/app.js';
import { Collector, type SeenSpan } from '../../support/collector.js';
import { Endpoint } from '../../support/endpoint.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { SeatWatcher } from '../../support/seat-watcher.js';
import { until } from '../../support/until.js';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

describe('tracing', () => {
  let collector: Collector;
  let app: TestApp;
  let sale: Sale;
  let people: Person[];
  let watcher: SeatWatcher;
  let endpoint: Endpoint;
  beforeAll(async () => {
    collector = await Collector.start();
    endpoint = await Endpoint.start();
    app = await startApp({
      webhooks: { allowPrivate: true },
      // Nothing of its own accord: only what a caller asks to be recorded.
      tracing: { endpoint: collector.url, share: 0, service: 'evently-test' },
    });
    sale = await openSale(app, plainHall(10, 20));
    people = await app.people(40);
    watcher = new SeatWatcher(app.url, sale.eventId);
    await watcher.ready();
  });
  afterAll(async () => {
    watcher.close();
    await app.close();
    collector.close();
    endpoint.close();
  });

  const hold = ({ client }: Person, n: number, headers: Record<string, string> = {}) =>
    client.post(`/events/${sale.eventId}/holds`, { seats: [n] }, headers);
  const tracesOf = (count: number) =>
    Array.from({ length: count }, () => {
      const traceId = hex(16);
      return { traceId, headers: { traceparent: `00-${traceId}-${hex(8)}-01` } };
    });
  const named = (spans: SeenSpan[], name: string) => {
    const found = spans.filter((span) => span.name === name);
    assert.equal(found.length, 1, `${name}: ${spans.map((span) => span.name).join(', ')}`);
    return found[0]!;
  };

  test('takes nothing that nobody asked for, and nothing that is no traceparent', async () => {
    const unsampled = `00-${hex(16)}-${hex(8)}-00`;
    for (const traceparent of ['nonsense', unsampled])
      assert.equal((await app.client().get('/events', { traceparent })).status, 200);
    assert.equal((await app.client().get('/events')).status, 200);
    const spoofed = `00-${hex(16)}-${hex(8)}-01`;
    const { headers } = await app.client().get('/events', { 'x-correlation-id': spoofed });
    assert.notEqual(headers['x-correlation-id'], spoofed);
    for (const bad of [
      `00-${'0'.repeat(32)}-${hex(8)}-01`,
      `ff-${hex(16)}-${hex(8)}-01`,
      `00-${hex(16)}-${hex(8)}`,
    ])
      assert.equal(parseTraceparent(bad), undefined);
  });

  test('follows a hold through the batch, PostgreSQL and the socket; a batch knows all its requests', async () => {
    const traces = tracesOf(people.length);
    const answers = await Promise.all(people.map((person, n) => hold(person, n, traces[n]!.headers)));
    assert.ok(answers.every(({ status }) => status === 201));
    assert.equal(parseTraceparent(answers[0]!.headers['x-correlation-id'])?.traceId, traces[0]!.traceId);
    const linked = () =>
      collector
        .spans()
        .filter(({ name }) => name === 'lane batch')
        .flatMap(({ links }) => links);
    await until(() => linked().length === people.length, 15_000);
    // A message to the sockets that tells of several batches belongs to the first of them.
    const told = () =>
      traces
        .map(({ traceId }) => collector.of(traceId))
        .find((all) => all.some(({ name }) => name === 'seats.changed'));
    await until(() => told() !== undefined, 15_000);
    const spans = told()!;
    const request = named(spans, 'POST /api/v1/events/:id/holds');
    const batch = named(spans, 'lane batch');
    assert.equal(batch.parentSpanId, request.spanId);
    assert.equal(named(spans, 'hold.batch').parentSpanId, batch.spanId);
    assert.equal(named(spans, 'seats.changed').parentSpanId, request.spanId);
    assert.equal(Number(request.attributes['http.response.status_code']), 201);
    assert.equal(collector.resource()['service.name'], 'evently-test');
    // Requests that shared a batch of another's trace point to it.
    const batches = collector.spans().filter(({ name }) => name === 'lane batch');
    assert.ok(batches.length < people.length);
    for (const { spanId, links, traceId } of batches)
      for (const link of links.filter((other) => other.traceId !== traceId)) {
        const other = named(collector.of(link.traceId), 'POST /api/v1/events/:id/holds');
        assert.deepEqual([link.spanId, other.links[0]?.spanId], [other.spanId, spanId]);
      }
  });

  test('follows an order through its saga, the provider and the facts to an organizer’s system', async () => {
    const made = await sale.organizer.client.post('/webhooks', {
      url: endpoint.url('/'),
      facts: ['booking.*'],
    });
    assert.equal(made.status, 201);
    const held = await hold(people[0]!, 100);
    const [trace] = tracesOf(1) as [ReturnType<typeof tracesOf>[0]];
    const paid = await people[0]!.client.post(`/bookings/${held.body.id}/checkout`, card(), trace.headers);
    assert.equal(paid.status, 200);
    await until(() => endpoint.messages.some(({ fact }) => fact.type === 'booking.confirmed'));
    const told = endpoint.messages.find(({ fact }) => fact.type === 'booking.confirmed')!;
    assert.equal(parseTraceparent(told.headers.traceparent)?.traceId, trace.traceId);
    const wanted = [
      'POST /api/v1/bookings/:id/checkout',
      'saga checkout',
      'step authorize',
      'call authorize',
      'step capture',
      'booking.confirmed to webhooks',
      'saga.settle',
      'webhook',
    ];
    const names = () => collector.of(trace.traceId).map(({ name }) => name);
    await until(() => wanted.every((name) => names().includes(name)), 15_000).catch(() => {});
    assert.deepEqual(
      wanted.filter((name) => !names().includes(name)),
      [],
    );
  });

  test('never tells what people have sent', () => {
    const everything = JSON.stringify(collector.spans());
    for (const { token } of people.slice(0, 1)) assert.ok(!everything.includes(token));
    assert.ok(!everything.includes('4242424242424242'));
  });

  test('grants the wishes of callers up to a number in each second', () => {
    const allowance = new Allowance(50);
    const granted = (at: number) =>
      Array.from({ length: 300 }, () => allowance.take(at)).filter(Boolean).length;
    assert.deepEqual([granted(1_000), granted(1_999), granted(2_000)], [50, 0, 50]);
  });

  test('traces a share of the requests, but ten a second at most', async () => {
    const own = await Collector.start();
    const tracing = { endpoint: own.url, share: 0.999, service: 'evently-share' };
    const busy = await startApp({ tracing });
    const began = Date.now();
    for (let i = 0; i < 10; i++)
      await Promise.all(Array.from({ length: 20 }, () => busy.client().get('/events')));
    const seconds = Math.floor((Date.now() - began) / 1_000) + 2;
    // Sends what is left.
    await busy.close();
    const found = own.spans().filter(({ name }) => name === 'GET /api/v1/events').length;
    own.close();
    assert.ok(found >= 10 && found <= 10 * seconds, `${found} in ${seconds} s`);
  });
});
