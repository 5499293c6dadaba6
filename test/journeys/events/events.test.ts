import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { EventLifecycleService } from '../../../src/events/event-lifecycle.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Answer } from '../../support/client.js';
import type { Person } from '../../support/people.js';

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const seat = (guid: string, x: number, category: string) => ({
  seat_guid: guid,
  seat_number: guid,
  position: { x, y: 0 },
  category,
});
const plan = {
  name: 'Small hall',
  categories: [
    { name: 'Front', color: '#111111' },
    { name: 'Back', color: '#222222' },
  ],
  zones: [
    {
      name: 'Main',
      position: { x: 0, y: 0 },
      rows: [
        {
          row_number: '1',
          position: { x: 0, y: 0 },
          seats: [seat('M-1-1', 0, 'Front'), seat('M-1-2', 20, 'Front'), seat('M-1-3', 40, 'Back')],
        },
      ],
      areas: [],
    },
  ],
  size: { width: 100, height: 50 },
};

let app: TestApp;
let organizer: Person;
let rival: Person;
let admin: Person;
let buyer: Person;
let venueId: string;
let planId: string;
let otherPlanId: string;

const venue = {
  name: 'Zentralhalle',
  address: 'Am Markt 1',
  city: 'Köln',
  country: 'DE',
  timezone: 'Europe/Berlin',
};
const draft = (changes: object = {}) => ({
  venueId,
  planId,
  title: 'Season opening',
  category: 'Handball',
  startsAt: inDays(30),
  endsAt: inDays(30.1),
  currency: 'EUR',
  ...changes,
});
const tiers = [
  { name: 'Seated', price: 2400, category: 'Front' },
  { name: 'Cheap', price: 900, category: 'Back' },
  { name: 'Standing', price: 1200, area: 'Floor' },
];

async function makePlan(of: string): Promise<string> {
  const made = await organizer.client.post(`/venues/${of}/seating-plans`, {
    plan,
    areas: [{ name: 'Floor', capacity: 5 }],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}

async function create(changes: object = {}, who = organizer) {
  const made = await who.client.post('/events', draft(changes));
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

/** Publishes as the inventory does when the sale opens. */
async function publish(id: string, places = 8, fromPrice: number | null = 900): Promise<void> {
  const lifecycle = app.nest.get(EventLifecycleService, { strict: false });
  await app.nest
    .get(DatabaseService)
    .transaction((tx) => lifecycle.markPublished(tx, id, { places, fromPrice }));
}

const list = async (query: string, who = app.client()) => {
  const answer = await who.get(`/events?${query}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};

function refused(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
}

beforeAll(async () => {
  app = await startApp();
  [organizer, rival] = await app.people(2, 'organizer');
  [admin] = await app.people(1, 'admin');
  [buyer] = await app.people(1, 'user');
  const made = await organizer.client.post('/venues', { ...venue, capacity: 20 });
  const other = await organizer.client.post('/venues', { ...venue, name: 'Nebenhalle', capacity: 20 });
  venueId = made.body.id;
  planId = await makePlan(venueId);
  otherPlanId = await makePlan(other.body.id);
});
afterAll(() => app.close());

describe('an event and its organizer', () => {
  test('goes from draft to published and keeps what must not change', async () => {
    const event = await create({ description: 'First match', priceTiers: tiers });
    assert.equal(event.status, 'draft');
    assert.equal(event.timezone, 'Europe/Berlin');
    assert.deepEqual(event.priceTiers[2], {
      no: 2,
      name: 'Standing',
      price: 1200,
      category: null,
      area: 'Floor',
    });

    const edited = await organizer.client.patch(
      `/events/${event.id}`,
      { title: 'Opening night', saleEndsAt: inDays(29), maxSeatsPerBuyer: 4 },
      { 'If-Match': '"v1"' },
    );
    assert.equal(edited.status, 200, JSON.stringify(edited.body));
    assert.deepEqual(
      [edited.body.title, edited.body.version, edited.headers.etag],
      ['Opening night', 2, '"v2"'],
    );
    const same = await organizer.client.patch(
      `/events/${event.id}`,
      { title: 'Opening night' },
      { 'If-Match': '"v2"' },
    );
    assert.equal(same.body.version, 2, 'an edit that changes nothing makes no version');

    await publish(event.id);
    const read = await app.client().get(`/events/${event.id}`);
    assert.deepEqual([read.status, read.body.status, read.headers.etag], [200, 'published', '"v3"']);
    const again = await app.client().get(`/events/${event.id}`, { 'If-None-Match': '"v3"' });
    assert.deepEqual([again.status, again.body], [304, undefined]);

    const edit = (changes: object) =>
      organizer.client.patch(`/events/${event.id}`, changes, { 'If-Match': '"v3"' });
    refused(await edit({ planId: otherPlanId }), 409, 'plan_locked');
    refused(await edit({ currency: 'USD' }), 409, 'locked_after_publish');
    refused(await edit({ timezone: 'Europe/Paris', title: 'x' }), 409, 'locked_after_publish');
    refused(await organizer.client.delete(`/events/${event.id}`), 409, 'not_a_draft');
    assert.equal((await edit({ currency: 'EUR', planId, title: 'Opening' })).status, 200);

    const facts = await app.db.query(
      'SELECT type, version, data FROM fact WHERE stream_id = $1 ORDER BY version',
      [event.id],
    );
    assert.deepEqual(
      facts.rows.map((fact) => fact.type),
      ['event.created', 'event.price_tiers_set', 'event.updated', 'event.published', 'event.updated'],
    );
    assert.deepEqual(facts.rows[4].data, { title: 'Opening' });
  });

  test('folds its facts into its row', async () => {
    const event = await create({ priceTiers: tiers });
    await organizer.client.patch(
      `/events/${event.id}`,
      {
        holdSeconds: 900,
        startsAt: inDays(31),
        endsAt: inDays(32),
        doorsAt: inDays(30.9),
        minAge: 16,
        durationMinutes: 100,
        imageUrl: 'https://example.org/a.png',
      },
      { 'If-Match': '"v1"' },
    );
    const { rows } = await app.db.query('SELECT type, data FROM fact WHERE stream_id = $1 ORDER BY version', [
      event.id,
    ]);
    const { version, ...folded } = Object.assign({}, ...rows.map((fact) => fact.data));
    const read = (await organizer.client.get(`/events/${event.id}`)).body;
    for (const [field, value] of Object.entries(folded))
      if (field !== 'priceTiers') assert.deepEqual(value, read[field], field);
    assert.deepEqual(
      folded.priceTiers.map((tier: { price: number }) => tier.price),
      read.priceTiers.map((tier: { price: number }) => tier.price),
    );
  });

  test('is deleted as a draft, with its tiers and its listing', async () => {
    const event = await create({ priceTiers: tiers });
    const gone = await organizer.client.delete(`/events/${event.id}`);
    assert.deepEqual([gone.status, gone.body], [204, undefined]);
    refused(await organizer.client.get(`/events/${event.id}`), 404, 'not_found');
    const { rows } = await app.db.query(
      `SELECT (SELECT count(*)::int FROM price_tier WHERE event_id = $1) AS tiers,
              (SELECT count(*)::int FROM event_listing WHERE event_id = $1) AS listings`,
      [event.id],
    );
    assert.deepEqual(rows[0], { tiers: 0, listings: 0 });
  });

  test('keeps its venue from being deleted', async () => {
    await create();
    refused(await organizer.client.delete(`/venues/${venueId}`), 409, 'venue_in_use');
  });

  test('sells by tiers that replace each other whole', async () => {
    const event = await create();
    const put = (priceTiers: object[], version = 1) =>
      organizer.client.put(
        `/events/${event.id}/price-tiers`,
        { priceTiers },
        { 'If-Match': `"v${version}"` },
      );
    const bad = await put([
      { name: 'a', price: 1, category: 'Front' },
      { name: 'b', price: 1, category: 'Balcony' },
      { name: 'c', price: 1, category: 'Front' },
      { name: 'd', price: 1, area: 'Front' },
    ]);
    refused(bad, 422, 'invalid_price_tiers');
    assert.deepEqual(
      bad.body.errors.map((error: { path: string }) => error.path),
      ['priceTiers.1.category', 'priceTiers.2.category', 'priceTiers.3.area'],
    );
    refused(await put([{ name: 'a', price: 1 }]), 422, 'validation_failed');
    refused(await put([{ name: 'a', price: 1, category: 'Front', area: 'Floor' }]), 422, 'validation_failed');
    refused(await put([{ name: 'a', price: -1, category: 'Front' }]), 422, 'validation_failed');
    refused(await put([{ name: 'a', price: 1.5, category: 'Front' }]), 400, 'wrong_type');

    const set = await put(tiers);
    assert.equal(set.status, 200, JSON.stringify(set.body));
    assert.equal(set.headers.etag, '"v2"');
    refused(await put(tiers), 412, 'version_mismatch');
    const fewer = await put(tiers.slice(0, 1), 2);
    assert.deepEqual([fewer.body.version, fewer.body.priceTiers.length], [3, 1]);
    await publish(event.id, 8, 2400);
    refused(await put([], 4), 409, 'price_tiers_required');
    assert.equal((await put(tiers, 4)).status, 200);
    const read = await app.client().get(`/events/${event.id}/price-tiers`);
    assert.deepEqual([read.status, read.body.priceTiers.length, read.headers.etag], [200, 3, '"v5"']);
  });

  test('lets one of many edits of the same version through', async () => {
    const event = await create();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        organizer.client.patch(`/events/${event.id}`, { title: `Title ${n}` }, { 'If-Match': '"v1"' }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array(19).fill(412)]);
  });

  test('is created once for one Idempotency-Key', async () => {
    const body = draft({ title: 'Only once' });
    const send = (wanted: object) =>
      organizer.client.post('/events', wanted, { 'Idempotency-Key': 'opening-1' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(body)));
    for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'idempotency_in_flight');
    const again = await send(body);
    assert.deepEqual([again.status, again.headers['idempotency-replayed']], [201, 'true']);
    assert.ok(
      answers.filter(({ status }) => status === 201).every((answer) => answer.body.id === again.body.id),
    );
    refused(await send({ ...body, title: 'Twice' }), 422, 'idempotency_key_reused');
    const { rows } = await app.db.query(
      "SELECT count(*)::int FROM event WHERE title IN ('Only once', 'Twice')",
    );
    assert.equal(rows[0].count, 1);
  });

  test('moves to another plan as a draft, its tiers found again by name', async () => {
    const event = await create({ priceTiers: tiers });
    const second = await makePlan(venueId);
    const moved = await organizer.client.patch(
      `/events/${event.id}`,
      { planId: second },
      { 'If-Match': '"v1"' },
    );
    assert.deepEqual([moved.status, moved.body.planId, moved.body.priceTiers.length], [200, second, 3]);
  });

  test('sells plans from before names had to be without white space around them', async () => {
    const old = newId();
    const longName = `  ${'Front'.repeat(39)} `;
    await app.db.query(
      `INSERT INTO seating_plan (id, venue_id, version, name, seat_count, place_count, document, accessible, areas, layout)
       SELECT $1, venue_id, 100, name, seat_count, place_count, replace(document, '"Front"', $3), accessible, areas,
              replace(layout::text, '"Front"', $3)::json
         FROM seating_plan WHERE id = $2`,
      [old, planId, JSON.stringify(longName)],
    );
    for (const category of [longName, longName.trim()]) {
      const event = await create({ planId: old, priceTiers: [{ name: 'Seated', price: 100, category }] });
      assert.equal(event.priceTiers[0].category, longName, 'named as in the plan');
      assert.equal((await organizer.client.post(`/events/${event.id}/publish`)).status, 200);
      const best = { quantity: 2, categories: [longName] };
      const held = await buyer.client.post(`/events/${event.id}/holds`, { best });
      assert.equal(held.status, 201, JSON.stringify(held.body));
    }
    const twice = [longName, longName.trim()].map((category) => ({ name: 'Seated', price: 100, category }));
    refused(
      await organizer.client.post('/events', draft({ planId: old, priceTiers: twice })),
      422,
      'invalid_price_tiers',
    );
  });
});

describe('who may do what', () => {
  test('hides drafts from everyone but their organizer and administrators', async () => {
    const event = await create();
    for (const path of [`/events/${event.id}`, `/events/${event.id}/price-tiers`]) {
      refused(await app.client().get(path), 404, 'not_found');
      refused(await rival.client.get(path), 404, 'not_found');
      refused(await buyer.client.get(path), 404, 'not_found');
      assert.equal((await organizer.client.get(path)).status, 200);
      assert.equal((await admin.client.get(path)).status, 200);
    }
  });

  test('lets others change nothing', async () => {
    const event = await create();
    const attempts = (who: { client: Person['client'] }) => [
      who.client.patch(`/events/${event.id}`, { title: 'Mine' }, { 'If-Match': '"v1"' }),
      who.client.put(`/events/${event.id}/price-tiers`, { priceTiers: [] }, { 'If-Match': '"v1"' }),
      who.client.delete(`/events/${event.id}`),
    ];
    for (const answer of await Promise.all(attempts(rival))) refused(answer, 404, 'not_found');
    for (const answer of await Promise.all(attempts(buyer))) refused(answer, 403, 'forbidden');
    for (const answer of await Promise.all(attempts({ client: app.client() })))
      refused(answer, 401, 'unauthenticated');
    refused(await buyer.client.post('/events', draft()), 403, 'forbidden');
    refused(await app.client().post('/events', draft()), 401, 'unauthenticated');
    const read = await organizer.client.get(`/events/${event.id}`);
    assert.deepEqual([read.body.title, read.body.version], ['Season opening', 1]);
    const byAdmin = await admin.client.patch(
      `/events/${event.id}`,
      { title: 'Fixed' },
      { 'If-Match': '"v1"' },
    );
    assert.deepEqual([byAdmin.status, byAdmin.body.organizerId], [200, organizer.id]);
  });

  test('shows lists of drafts to their organizer only, never from the public cache', async () => {
    const event = await create({ title: 'Secret rehearsal' });
    const found = async (query: string, who = app.client()) =>
      (await list(query, who)).data.some(({ id }: { id: string }) => id === event.id);
    assert.equal(await found('mine=true&q=rehearsal', organizer.client), true);
    assert.equal(await found('mine=true&q=rehearsal', rival.client), false);
    assert.equal(await found('mine=true&q=rehearsal&status=published', organizer.client), false);
    assert.equal(await found('%6dine=true&q=rehearsal', organizer.client), true);
    assert.equal(await found('q=rehearsal', organizer.client), false);
    refused(await app.client().get('/events?%6dine=true&q=rehearsal'), 401, 'unauthenticated');
    refused(await app.client().get('/events?mine=true&q=rehearsal'), 401, 'unauthenticated');
    refused(await rival.client.get('/events?status=draft'), 403, 'forbidden');
    assert.equal(await found('status=draft&q=rehearsal', admin.client), true);
    const mine = await organizer.client.get('/events?mine=true');
    assert.equal(mine.headers['cache-control'], 'private, no-store');
  });
});

describe('bad input', () => {
  test('is refused with its own code and changes nothing', async () => {
    const unknown = '01a2064d-b841-70f7-84c8-98fbd3e17994';
    const count = async () => (await app.db.query('SELECT count(*)::int FROM event')).rows[0].count;
    const before = await count();
    const start = inDays(30);
    const cases: [object, number, string][] = [
      [{ venueId: unknown }, 422, 'unknown_venue'],
      [{ planId: unknown }, 422, 'unknown_plan'],
      [{ planId: otherPlanId }, 422, 'plan_of_another_venue'],
      [{ venueId: 'x' }, 422, 'validation_failed'],
      [{ title: undefined }, 400, 'missing_field'],
      [{ title: ' ' }, 422, 'validation_failed'],
      [{ title: 'a\u0000b' }, 422, 'validation_failed'],
      [{ title: 7 }, 400, 'wrong_type'],
      [{ capacity: 7 }, 400, 'unknown_field'],
      [{ status: 'published' }, 400, 'unknown_field'],
      [{ currency: 'XXZ' }, 422, 'validation_failed'],
      [{ currency: 'BGN' }, 422, 'validation_failed'],
      [{ currency: 'XTS' }, 422, 'validation_failed'],
      [{ timezone: 'Mars/Base' }, 422, 'validation_failed'],
      [{ timezone: 'NET' }, 422, 'validation_failed'],
      [{ timezone: '+05:30' }, 422, 'validation_failed'],
      [{ startsAt: inDays(-1) }, 422, 'invalid_dates'],
      [{ startsAt: 'tomorrow' }, 422, 'validation_failed'],
      [{ startsAt: '9999-01-01T00:00:00Z', endsAt: '9999-01-02T00:00:00Z' }, 422, 'validation_failed'],
      [{ startsAt: start, endsAt: start }, 422, 'invalid_dates'],
      [{ saleStartsAt: inDays(29), saleEndsAt: inDays(28) }, 422, 'invalid_dates'],
      [{ saleEndsAt: inDays(31) }, 422, 'invalid_dates'],
      [{ saleStartsAt: inDays(31) }, 422, 'invalid_dates'],
      [{ doorsAt: inDays(30.05) }, 422, 'invalid_dates'],
      [{ doorsAt: inDays(28.9) }, 422, 'invalid_dates'],
      [{ minAge: -1 }, 422, 'validation_failed'],
      [{ minAge: 100 }, 422, 'validation_failed'],
      [{ durationMinutes: 0 }, 422, 'validation_failed'],
      [{ durationMinutes: 10_081 }, 422, 'validation_failed'],
      [{ durationMinutes: 1.5 }, 400, 'wrong_type'],
      [{ maxSeatsPerBooking: 0 }, 422, 'validation_failed'],
      [{ maxSeatsPerBooking: 1001 }, 422, 'validation_failed'],
      [{ holdSeconds: 5 }, 422, 'validation_failed'],
      [{ imageUrl: 'javascript:alert(1)' }, 422, 'validation_failed'],
      [{ priceTiers: [{ name: 'x', price: 1, category: 'Balcony' }] }, 422, 'invalid_price_tiers'],
    ];
    for (const [changes, status, code] of cases)
      refused(await organizer.client.post('/events', draft(changes)), status, code);
    refused(await organizer.client.post('/events', '{"title":'), 400, 'malformed_json');
    assert.equal(await count(), before);
  });

  test('names the dates that contradict each other, all of them', async () => {
    const answer = await organizer.client.post(
      '/events',
      draft({ startsAt: inDays(-2), endsAt: inDays(-3), saleStartsAt: inDays(2), saleEndsAt: inDays(1) }),
    );
    assert.deepEqual(
      answer.body.errors.map((error: { path: string }) => error.path),
      ['startsAt', 'endsAt', 'saleEndsAt', 'saleStartsAt'],
    );
  });

  test('refuses a plan that outgrew its venue', async () => {
    const small = await organizer.client.post('/venues', { ...venue, capacity: 8 });
    const own = await makePlan(small.body.id);
    await organizer.client.patch(`/venues/${small.body.id}`, { capacity: 7 }, { 'If-Match': '"v1"' });
    const answer = await organizer.client.post('/events', draft({ venueId: small.body.id, planId: own }));
    refused(answer, 422, 'plan_exceeds_capacity');
    assert.deepEqual([answer.body.places, answer.body.capacity], [8, 7]);
  });

  test('needs If-Match for edits, and ids that are ids', async () => {
    const event = await create();
    refused(await organizer.client.patch(`/events/${event.id}`, { title: 'x' }), 428, 'if_match_required');
    refused(
      await organizer.client.patch(`/events/${event.id}`, { title: 'x' }, { 'If-Match': 'v1' }),
      400,
      'invalid_header',
    );
    refused(
      await organizer.client.patch(`/events/${event.id}`, { title: 'x' }, { 'If-Match': '"v9"' }),
      412,
      'version_mismatch',
    );
    refused(
      await organizer.client.patch(`/events/${event.id}`, { startsAt: inDays(40) }, { 'If-Match': '"v1"' }),
      422,
      'invalid_dates',
    );
    refused(await app.client().get('/events/not-an-id'), 400, 'invalid_parameter');
    refused(await app.client().get('/events/01a2064d-b841-70f7-84c8-98fbd3e17994'), 404, 'not_found');
  });

  test('refuses queries and cursors that no list gave out', async () => {
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'sort=date',
      'sort=relevance',
      'venue=1',
      'from=today',
    ])
      refused(await app.client().get(`/events?${query}`), 400, 'invalid_query');
    for (const query of ['available=yes', 'priceMin=-1', 'colour=red', 'q=a&q=b', 'from=0000-01-01', 'q=%00'])
      refused(await app.client().get(`/events?${query}`), 400, 'invalid_query');
    const forged = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
    const id = '01a2064d-b841-70f7-84c8-98fbd3e17994';
    for (const cursor of [
      'x',
      forged('startsAt', 'now()', id),
      forged('startsAt', '2026-02-30T00:00:00.000000Z', id),
      forged('startsAt', '0000-01-01T00:00:00.000000Z', id),
      forged('startsAt', '2026-02-01T00:00:00.000000Z', "'"),
      forged('title', 'a', id),
    ])
      refused(await app.client().get(`/events?cursor=${cursor}`), 400, 'invalid_cursor');
    for (const key of ['1', 1e300, -1, null])
      refused(
        await app.client().get(`/events?sort=price&cursor=${forged('price', key, id)}`),
        400,
        'invalid_cursor',
      );
    const zero = forged('title', 'a\u0000', id);
    refused(await app.client().get(`/events?sort=title&cursor=${zero}`), 400, 'invalid_cursor');
  });
});

describe('finding events', () => {
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const wanted = {
      opera: { title: 'Così fan tutte', category: 'Oper', description: 'Dirigiert von Müller-Straßburg' },
      match: { title: 'THW – Füchse', category: 'handball', startsAt: inDays(20), endsAt: inDays(20.2) },
      jazz: { title: 'Jazzfestival Łódź', category: 'Konzert', startsAt: inDays(50), endsAt: inDays(53) },
      later: { title: 'Jazz im Hof', category: 'Konzert', saleStartsAt: inDays(3), currency: 'CHF' },
      mention: { title: 'Lesung', category: 'Literatur', description: 'Über den Jazz der Zwanziger' },
    };
    for (const [key, changes] of Object.entries(wanted)) {
      ids[key] = (await create({ ...changes, priceTiers: tiers }, rival)).id;
      await publish(ids[key]!);
    }
  });

  const names = (body: { data: { id: string }[] }) =>
    body.data.map(({ id }) => Object.keys(ids).find((key) => ids[key] === id) ?? id);
  const find = async (query: string) => names(await list(`organizer=${rival.id}&${query}`));

  test('searches words, phrases and beginnings, whatever the accents', async () => {
    assert.deepEqual(await find('q=cosi'), ['opera']);
    assert.deepEqual(await find('q=COS%C3%8C%20FAN'), ['opera']);
    assert.deepEqual(await find('q=muller%20strassburg'), ['opera']);
    assert.deepEqual(await find('q=lodz'), ['jazz']);
    assert.deepEqual((await find('q=jaz')).sort(), ['jazz', 'later']);
    assert.deepEqual(await find('q=jazz%20-festival%20-hof'), ['mention']);
    assert.deepEqual(await find('q=%22jazz%20im%20hof%22'), ['later']);
    assert.deepEqual((await find('q=cosi%20or%20lesung')).sort(), ['mention', 'opera']);
    assert.deepEqual(await find('q=f%C3%BCch%20k%C3%B6l'), ['match'], 'title and city together');
    assert.deepEqual(await find("q='%26%7C!():*%5C"), []);
  });

  test('finds what people type, whatever signs, scripts and forms of letters', async () => {
    const texts = {
      faust: '„Faust“ von Goethe',
      carmen: '«Carmen» Opéra',
      hamlet: '“Hamlet” Play',
      summer: 'L’Été à Paris',
      fiesta: '¡Fiesta! ¿Bailas?',
      dream: '《红楼梦》 舞剧',
      clamp: '(Klammer) Abend',
      giovanni: '"Don Giovanni"',
      acdc: 'AC/DC live',
      node: 'Node.js – Konferenz',
      bangkok: 'กรุงเทพมหานคร',
      gundam: 'ガンダム展',
      seoul: '뮤지컬공연',
      street: 'Große Straße',
      moscow: 'МОСКВА',
      odyssey: 'ΟΔΥΣΣΕΎΣ',
      sigh: 'Rock ’n’ Roll',
      istanbul: 'İSTANBUL',
    };
    const made: Record<string, string> = {};
    for (const [key, title] of Object.entries(texts)) {
      const { id } = await create({ title, category: 'Suche', priceTiers: tiers }, rival);
      await publish(id);
      made[id] = key;
    }
    const searches: Record<string, string[]> = {
      faust: ['faust', '„faust“', 'FAUST goe', '"faust von goethe"', 'fa\u200bust', 'faust\u00a0goethe'],
      carmen: ['carmen', 'opera', 'OPÉRA'],
      hamlet: ['hamlet', '“hamlet”'],
      summer: ['été', 'ete', "l'ete", 'l’été', 'lete', 'E\u0301te\u0301'],
      fiesta: ['fiesta', '¿bailas?'],
      dream: ['红楼梦', '楼梦', '梦', '《红楼梦》', '舞剧'],
      clamp: ['klammer', 'klammer -faust'],
      giovanni: ['giovanni', '"don giovanni"'],
      acdc: ['AC/DC', 'acdc', 'ac dc', 'ac-dc', 'AC∕DC'],
      node: ['node.js', 'nodejs', 'node', 'node js konf'],
      bangkok: ['มหานคร', 'กรุงเทพ'],
      gundam: ['ガンダム', 'ﾀﾞﾑ'],
      seoul: ['공연', '뮤지컬'],
      street: ['strasse', 'STRASSE', 'straße', 'grosse'],
      moscow: ['москва'],
      odyssey: ['οδυσσευς', 'οδυσσεύς'],
      sigh: ["rock'n'roll", 'rock n roll'],
      istanbul: ['istanbul', 'ISTANBUL'],
    };
    const found: Record<string, string[]> = {};
    for (const [key, typed] of Object.entries(searches))
      for (const q of typed) {
        const page = await list(`organizer=${rival.id}&category=suche&q=${encodeURIComponent(q)}`);
        const keys = page.data.map(({ id }: { id: string }) => made[id]);
        if (keys.join() !== key) found[`${key}: ${q}`] = keys;
      }
    assert.deepEqual(found, {});
    assert.deepEqual((await list(`q=${encodeURIComponent('!!! ’')}`)).data, []);
    await app.db.query(`UPDATE event SET status = 'completed' WHERE category = 'Suche'`);
  });

  test('puts titles before descriptions', async () => {
    assert.equal((await find('q=jazz')).at(-1), 'mention');
    assert.equal((await find('q=jazz')).length, 3);
  });

  test('filters by category, city, venue, time, price and availability', async () => {
    assert.deepEqual(await find('category=HANDBALL'), ['match']);
    assert.equal((await find('city=koln')).length, 5);
    assert.equal((await find('city=bonn')).length, 0);
    assert.equal((await find(`venue=${venueId}`)).length, 5);
    assert.deepEqual(await find(`from=${inDays(45)}`), ['jazz']);
    assert.deepEqual(await find(`to=${inDays(25)}`), ['match']);
    assert.equal((await find('priceMax=899')).length, 0);
    assert.equal((await find('priceMin=1000&priceMax=1300')).length, 5, 'the standing places');
    assert.equal((await find('priceMin=1300&priceMax=2300')).length, 0, 'nothing costs that');
    assert.deepEqual(await find('currency=CHF'), ['later']);
    assert.equal((await find('available=true')).includes('later'), false, 'not on sale yet');
    await app.db.query('UPDATE event_listing SET free_places = 0, sold_places = places WHERE event_id = $1', [
      ids.match,
    ]);
    assert.deepEqual((await find('available=true&limit=50')).sort(), ['jazz', 'mention', 'opera']);
    assert.deepEqual(await find('available=false&sort=startsAt'), ['match', 'later']);
  });

  test('follows a venue that is renamed', async () => {
    const read = await organizer.client.get(`/venues/${venueId}`);
    const renamed = await organizer.client.patch(
      `/venues/${venueId}`,
      { name: 'Kugelhalle' },
      { 'If-Match': read.headers.etag! },
    );
    assert.equal(renamed.status, 200);
    const found = await list(`q=kugelhalle&organizer=${rival.id}`);
    assert.deepEqual([found.total, found.data[0].venue.name], [5, 'Kugelhalle']);
  });

  test('knows what comes soon, what sells, and which categories there are', async () => {
    const soon = (await app.client().get('/events/upcoming?limit=100')).body;
    const starts = soon.data.map(({ startsAt }: { startsAt: string }) => startsAt);
    assert.deepEqual(starts, [...starts].sort());
    assert.ok(names(soon).includes('jazz'));
    const popular = (await app.client().get('/events/popular?limit=1')).body;
    assert.deepEqual(names(popular), ['match'], 'sold out');
    // All of another is held or blocked, which is no sale.
    await app.db.query('UPDATE event_listing SET free_places = 0 WHERE event_id = $1', [ids.jazz]);
    await app.db.query('UPDATE event_listing SET sold_places = 1 WHERE event_id = $1', [ids.opera]);
    const order = names((await app.client().get('/events/popular?limit=100')).body);
    assert.ok(order.indexOf('opera') < order.indexOf('jazz'), order.join());
    const { data } = (await app.client().get('/events/categories')).body;
    const handball = data.filter(({ category }: { category: string }) => /handball/i.test(category));
    assert.equal(handball.length, 1, 'spellings count as one');
    assert.equal(data.find(({ category }: { category: string }) => category === 'Konzert').events, 2);
  });

  test('finds a category under any word for it, and knows the cities', async () => {
    const found = async (filter: string) => names(await list(`organizer=${rival.id}&${filter}`)).sort();
    const concerts = await found('category=Konzert');
    assert.equal(concerts.length, 2);
    assert.deepEqual(await found('category=CONCERT'), concerts);
    assert.deepEqual(await found('category=Live%20music'), concerts);
    assert.deepEqual(await found('category=Concerto'), []);
    const { data } = (await app.client().get('/events/cities')).body;
    const {
      rows: [{ count }],
    } = await app.db.query(`SELECT count(*)::int FROM event WHERE status = 'published' AND ends_at > now()`);
    const sum = data.reduce((total: number, { events }: { events: number }) => total + events, 0);
    assert.equal(sum, count);
    for (const { city, events } of data)
      assert.equal((await list(`city=${encodeURIComponent(city.toUpperCase())}`)).total, events, city);
  });

  test('answers 304 while nothing changed, and at once anew after a change', async () => {
    const path = `/events?organizer=${rival.id}&category=Oper`;
    const first = await app.client().get(path);
    assert.match(first.headers['cache-control']!, /^public, max-age=\d+$/);
    assert.match(first.headers['content-type']!, /^application\/json/);
    const unchanged = await app.client().get(path, { 'If-None-Match': first.headers.etag! });
    assert.deepEqual([unchanged.status, unchanged.body], [304, undefined]);
    const edited = await rival.client.patch(
      `/events/${ids.opera}`,
      { title: 'Don Giovanni' },
      { 'If-Match': '"v2"' },
    );
    assert.equal(edited.status, 200);
    const changed = await app.client().get(path, { 'If-None-Match': first.headers.etag! });
    assert.deepEqual([changed.status, changed.body.data[0].title], [200, 'Don Giovanni']);
    assert.notEqual(changed.headers.etag, first.headers.etag);
  });

  test('sends the same list compressed, with an ETag of its own', async () => {
    const path = '/events?limit=100';
    const plain = await app.client().get(path);
    for (const encoding of ['br', 'gzip']) {
      const answer = await fetch(`${app.url}/api/v1${path}`, { headers: { 'accept-encoding': encoding } });
      assert.equal(answer.headers.get('content-encoding'), encoding);
      assert.notEqual(answer.headers.get('etag'), plain.headers.etag);
      assert.deepEqual(((await answer.json()) as { total: number }).total, plain.body.total);
    }
  });

  test('refuses a bad token also where the list is known', async () => {
    await app.client().get('/events');
    refused(await app.client('forged').get('/events'), 401, 'token_invalid');
  });
});

describe('two thousand events', () => {
  const insert = (count: number, offset = 0) =>
    app.db.query(
      `WITH made AS (
         INSERT INTO event (id, organizer_id, venue_id, plan_id, title, category, status, starts_at, ends_at, timezone,
                            currency, published_at)
         SELECT uuidv7(), $1, $2, $3, (ARRAY['Ärger', 'arger', 'Zebra', 'Ölpest "x"', 'Ode'])[1 + n % 5] || ' bulk ' || n % 7,
                'Bulk', 'published', t, t + interval '2 hours', 'UTC', 'EUR', now() - n % 50 * interval '1 second'
           FROM generate_series($4::int, $4::int + $5::int - 1) n,
                LATERAL (SELECT now() + interval '1 day' + n % 300 * interval '1 microsecond' AS t) at
         RETURNING *)
       INSERT INTO event_listing (event_id, venue_name, city, country, from_price, places, free_places, search)
       SELECT id, 'V', 'C', 'DE', (ARRAY[100, 250, NULL])[1 + length(title) % 3], 10, 5,
              '' FROM made`,
      [rival.id, venueId, planId, offset, count],
    );

  beforeAll(() => insert(2000));

  const sorts = ['startsAt', '-startsAt', 'price', '-price', 'title', '-publishedAt', 'relevance'];
  for (const sort of sorts)
    test(`walks all of them once by ${sort}, also while more are inserted`, async () => {
      const { rows } = await app.db.query("SELECT id FROM event WHERE category = 'Bulk'");
      const seen = new Map<string, number>();
      let cursor = '';
      let pages = 0;
      do {
        const page = await list(
          `category=bulk&q=bulk&limit=100&sort=${sort}${cursor && `&cursor=${cursor}`}`,
        );
        for (const { id } of page.data) seen.set(id, (seen.get(id) ?? 0) + 1);
        assert.ok(page.total >= rows.length);
        cursor = page.next;
        if (pages++ % 5 === 0) await insert(3, 7 * pages);
      } while (cursor);
      assert.equal(Math.max(...seen.values()), 1, 'none twice');
      assert.equal(rows.filter(({ id }) => !seen.has(id)).length, 0, 'none skipped');
    });

  test('sorts titles as people read them', async () => {
    const page = await list('category=bulk&sort=title&limit=100');
    const titles = page.data.map(({ title }: { title: string }) => title);
    assert.ok(new Set(titles.map((title: string) => title[0])).has('Ä'));
    assert.ok(new Set(titles.map((title: string) => title[0])).has('a'));
  });

  test('counts and pages in one statement that answers an empty page as well', async () => {
    const none = await list('category=bulk&priceMin=5');
    assert.deepEqual(none, { data: [], next: null, total: 0 });
    const page = await list('category=bulk&limit=1');
    assert.ok(page.total >= 2000);
  });
});
