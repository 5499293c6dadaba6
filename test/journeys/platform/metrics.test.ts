import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { openSale, plainHall } from '../../support/halls.js';
import { rush } from '../../support/load.js';
import { figureOf, scrape } from '../../support/metrics.js';

const RANDOM_URLS = 10_000;
/** Jobs, their statements and Node itself go on meanwhile. */
const OF_THE_BACKGROUND = /^(evently_(job|database_statement)_seconds|nodejs)/;

describe('metrics', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  test('time answers by route pattern, and holds by what became of them', async () => {
    const { eventId } = await openSale(app, plainHall(2, 10));
    const [ada, ben] = await app.people(2);
    const hold = (token: string, n: number) =>
      app.client(token).post(`/events/${eventId}/holds`, { seats: [n] });
    assert.equal((await hold(ada.token, 3)).status, 201);
    assert.equal((await hold(ben.token, 3)).status, 409);
    const series = await scrape(app);
    const requests = (status: string) =>
      figureOf(series, 'evently_http_request_duration_seconds_count', {
        route: '/api/v1/events/:id/holds',
        method: 'POST',
        status,
      });
    assert.deepEqual([requests('2xx'), requests('4xx')], [1, 1]);
    assert.equal(figureOf(series, 'evently_holds_total', { outcome: 'held' }), 1);
    assert.equal(figureOf(series, 'evently_holds_total', { outcome: 'seats_taken' }), 1);
    assert.equal(figureOf(series, 'evently_lane_batch_requests_sum'), 1);
    assert.equal(figureOf(series, 'evently_bookings_open', { status: 'held' }), 1);
    assert.equal(
      figureOf(series, 'evently_database_statement_seconds_count', { statement: 'hold.batch' }),
      1,
    );
  });

  test(`have as many series after ${RANDOM_URLS} random URLs as before`, async () => {
    const url = (n: number) =>
      [`/${newId()}`, `//${newId()}/x`, `/events/${newId()}`, `/events/${newId()}/seats?x=${n}`, `/me/${n}`][
        n % 5
      ]!;
    const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'];
    const ask = (n: number) => app.client().send(methods[n % methods.length]!, url(n));
    // Each kind of URL with each method has been seen once.
    for (let n = 0; n < 35; n++) await ask(n);
    const before = await scrape(app);
    await rush(RANDOM_URLS, 64, ask);
    const after = await scrape(app);
    const known = new Set(before.map(({ series }) => series));
    assert.deepEqual(
      after.filter(({ series, name }) => !known.has(series) && !OF_THE_BACKGROUND.test(name)),
      [],
    );
    const counted = (of: typeof after) =>
      of
        .filter(({ name }) => name === 'evently_http_request_duration_seconds_count')
        .reduce((sum, { value }) => sum + value, 0);
    // The scrape in between is one more.
    assert.equal(counted(after) - counted(before), RANDOM_URLS + 1);
  });

  test('are for those who have the token, where there is one', async () => {
    const guarded = await startApp({
      database: app.config.database,
      metrics: { readers: 'token', token: 'a token for Prometheus' },
    });
    try {
      const status = async (token?: string) => (await guarded.client(token).get('//metrics')).status;
      assert.deepEqual(
        [await status(), await status('another one'), await status('a token for Prometheus')],
        [401, 401, 200],
      );
    } finally {
      await guarded.close();
    }
  });
});
