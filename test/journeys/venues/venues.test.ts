import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { arena } from '../../../src/operations/demo/arena.js';
import { PlansService } from '../../../src/venues/plans.service.js';
import { startApp } from '../../support/app.js';
import { note } from '../../support/note.js';
import { editorPlan, olderPlan } from '../../support/plans.js';

const HALL = 'data/venues/riethsporthalle-erfurt';
const hallText = readFileSync(`${HALL}.seating-plan.json`, 'utf8');
const facts = JSON.parse(readFileSync(`${HALL}.meta.json`, 'utf8'));
const hall = {
  name: 'Riethsporthalle',
  address: 'Essener Straße 20',
  city: 'Erfurt',
  country: 'DE',
  timezone: 'Europe/Berlin',
  capacity: 1500,
};
const NOBODY = '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47';

type App = Awaited<ReturnType<typeof startApp>>;
type Person = Awaited<ReturnType<App['people']>>[number];
type Answer = Awaited<ReturnType<Person['client']['get']>>;

let app: App;
let organizer: Person;
let rival: Person;
let admin: Person;
let buyer: Person;

beforeAll(async () => {
  app = await startApp();
  [organizer, rival] = await app.people(2, 'organizer');
  [admin] = await app.people(1, 'admin');
  [buyer] = await app.people(1, 'user');
});
afterAll(() => app.close());

function fails(answer: Answer, status: number, code: string) {
  assert.equal(`${answer.status} ${answer.body?.code}`, `${status} ${code}`, JSON.stringify(answer.body));
  assert.ok(answer.body.correlationId);
}

const newVenue = async (who = organizer, changes = {}) => {
  const { status, body } = await who.client.post('/venues', { ...hall, ...changes });
  assert.equal(status, 201, JSON.stringify(body));
  return body as { id: string; version: number };
};

/** An event of three seats that can be published. @returns its id */
const newDraft = async (venueId: string): Promise<string> => {
  const plan = (await organizer.client.post(`/venues/${venueId}/seating-plans`, { plan: editorPlan() })).body;
  const { status, body } = await organizer.client.post('/events', {
    venueId,
    planId: plan.id,
    title: 'Finale',
    category: 'Handball',
    startsAt: '2027-09-04T17:00:00Z',
    endsAt: '2027-09-04T19:00:00Z',
    currency: 'EUR',
    priceTiers: [{ name: 'All', price: 1000, category: editorPlan().categories[0]!.name }],
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
};

const planCount = async () => {
  const { rows } = await app.db.query('SELECT count(*)::int AS n FROM seating_plan');
  return rows[0].n as number;
};

describe('venues', () => {
  test('are created, read, changed with If-Match, and deleted', async () => {
    const { id } = await newVenue(organizer, { description: 'Home of handball' });
    const read = await app.client().get(`/venues/${id}`);
    assert.equal(read.status, 200);
    assert.deepEqual(
      { ...read.body, createdAt: '', updatedAt: '' },
      {
        ...hall,
        id,
        organizerId: organizer.id,
        description: 'Home of handball',
        version: 1,
        createdAt: '',
        updatedAt: '',
      },
    );
    assert.equal(read.headers.etag, '"v1"');
    const unchanged = await app.client().get(`/venues/${id}`, { 'if-none-match': '"v1"' });
    assert.equal(unchanged.status, 304);

    const changed = await organizer.client.patch(
      `/venues/${id}`,
      { capacity: 1600, description: null },
      { 'if-match': '"v1"' },
    );
    assert.deepEqual([changed.status, changed.headers.etag], [200, '"v2"']);
    assert.deepEqual(
      [changed.body.capacity, changed.body.description, changed.body.name],
      [1600, null, hall.name],
    );
    fails(
      await organizer.client.patch(`/venues/${id}`, { capacity: 1 }, { 'if-match': '"v1"' }),
      412,
      'version_mismatch',
    );
    fails(await organizer.client.patch(`/venues/${id}`, { capacity: 1 }), 428, 'if_match_required');
    fails(
      await organizer.client.patch(`/venues/${id}`, { capacity: 1 }, { 'if-match': 'x' }),
      400,
      'invalid_header',
    );
    const late = await app.client().get(`/venues/${id}`, { 'if-none-match': '"v1"' });
    assert.deepEqual([late.status, late.body.capacity], [200, 1600]);

    assert.equal((await organizer.client.delete(`/venues/${id}`)).status, 204);
    fails(await app.client().get(`/venues/${id}`), 404, 'not_found');
    fails(await organizer.client.delete(`/venues/${id}`), 404, 'not_found');
  });

  test('are created once per Idempotency-Key, as are plans', async () => {
    const once = { 'idempotency-key': 'hall-1' };
    const all = await Promise.all(
      Array.from({ length: 5 }, () => organizer.client.post('/venues', hall, once)),
    );
    const [made] = all.filter(({ status }) => status === 201) as [Answer];
    for (const answer of all)
      if (answer.status !== 201) fails(answer, 409, 'idempotency_in_flight');
      else assert.equal(answer.body.id, made.body.id);
    const again = await organizer.client.post('/venues', hall, once);
    assert.deepEqual([again.status, again.headers['idempotency-replayed']], [201, 'true']);
    assert.deepEqual(again.body, made.body);
    fails(
      await organizer.client.post('/venues', { ...hall, capacity: 3 }, once),
      422,
      'idempotency_key_reused',
    );
    const path = `/venues/${made.body.id}/seating-plans`;
    const key = { 'idempotency-key': 'plan-1' };
    const first = await organizer.client.post(path, { plan: editorPlan() }, key);
    const second = await organizer.client.post(path, { plan: editorPlan() }, key);
    assert.deepEqual([first.status, second.status], [201, 201]);
    assert.deepEqual(second.body, first.body);
    assert.equal((await app.client().get(path)).body.total, 1);
  });

  test('of ten changes to one version exactly one wins', async () => {
    const { id } = await newVenue();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        organizer.client.patch(`/venues/${id}`, { capacity: 100 + i }, { 'if-match': '"v1"' }),
      ),
    );
    const winners = answers.filter(({ status }) => status === 200);
    assert.equal(winners.length, 1);
    assert.ok(answers.every(({ status }) => status === 200 || status === 412));
    const { body } = await app.client().get(`/venues/${id}`);
    assert.deepEqual([body.version, body.capacity], [2, winners[0]!.body.capacity]);
  });

  test('belong to their organizer: who may do what', async () => {
    const { id } = await newVenue();
    const tag = { 'if-match': '"v1"' };
    fails(await app.client().post('/venues', hall), 401, 'unauthenticated');
    fails(await app.client().patch(`/venues/${id}`, { capacity: 1 }, tag), 401, 'unauthenticated');
    fails(await app.client().delete(`/venues/${id}`), 401, 'unauthenticated');
    fails(
      await app.client().post(`/venues/${id}/seating-plans`, { plan: editorPlan() }),
      401,
      'unauthenticated',
    );
    fails(await buyer.client.post('/venues', hall), 403, 'forbidden');
    fails(await buyer.client.patch(`/venues/${id}`, { capacity: 1 }, tag), 403, 'forbidden');
    fails(await buyer.client.delete(`/venues/${id}`), 403, 'forbidden');
    fails(await buyer.client.post(`/venues/${id}/seating-plans`, { plan: editorPlan() }), 403, 'forbidden');
    fails(await rival.client.patch(`/venues/${id}`, { capacity: 1 }, tag), 404, 'not_found');
    fails(await rival.client.delete(`/venues/${id}`), 404, 'not_found');
    fails(await rival.client.post(`/venues/${id}/seating-plans`, { plan: editorPlan() }), 404, 'not_found');
    assert.equal((await admin.client.patch(`/venues/${id}`, { capacity: 7 }, tag)).status, 200);
    const { body } = await app.client().get(`/venues/${id}`);
    assert.deepEqual([body.capacity, body.organizerId], [7, organizer.id]);
  });

  test('bad input gets its own code and changes nothing', async () => {
    const before = (await app.client().get('/venues')).body.total;
    const refused: [body: unknown, status: number, code: string][] = [
      [{}, 400, 'missing_field'],
      [{ ...hall, capacity: '1500' }, 400, 'wrong_type'],
      [{ ...hall, name: null }, 400, 'wrong_type'],
      [{ ...hall, colour: 'red' }, 400, 'unknown_field'],
      [{ ...hall, version: 9 }, 400, 'unknown_field'],
      [{ ...hall, organizerId: rival.id }, 400, 'unknown_field'],
      [{ ...hall, name: '  ' }, 422, 'validation_failed'],
      [{ ...hall, name: 'x'.repeat(201) }, 422, 'validation_failed'],
      [{ ...hall, name: 'a\0b' }, 422, 'validation_failed'],
      [{ ...hall, country: 'ZZ' }, 422, 'validation_failed'],
      [{ ...hall, country: 'de' }, 422, 'validation_failed'],
      [{ ...hall, country: 'DD' }, 422, 'validation_failed'],
      [{ ...hall, timezone: 'NET' }, 422, 'validation_failed'],
      [{ ...hall, timezone: 'CET' }, 422, 'validation_failed'],
      [{ ...hall, timezone: 'Mars/Base' }, 422, 'validation_failed'],
      [{ ...hall, capacity: 0 }, 422, 'validation_failed'],
    ];
    for (const [body, status, code] of refused)
      fails(await organizer.client.post('/venues', body), status, code);
    fails(await organizer.client.post('/venues', '{"name": '), 400, 'malformed_json');
    fails(await organizer.client.post('/venues', '[]'), 400, 'wrong_type');
    fails(
      await organizer.client.post('/venues', JSON.stringify({ ...hall, description: 'x'.repeat(300_000) })),
      413,
      'body_too_large',
    );
    fails(await app.client().get('/venues/7'), 400, 'invalid_parameter');
    fails(await app.client().get(`/venues/${NOBODY}`), 404, 'not_found');
    fails(await app.client().get('/venues?limit=101'), 400, 'invalid_query');
    fails(await app.client().get('/venues?nope=1'), 400, 'invalid_query');
    fails(await app.client().get('/venues?cursor=abc'), 400, 'invalid_cursor');
    fails(
      await organizer.client.patch(`/venues/${NOBODY}`, {}, { 'if-match': '"v1"' }),
      422,
      'validation_failed',
    );
    assert.equal((await app.client().get('/venues')).body.total, before);
  });

  test('are listed by name, page by page, found by words and city', async () => {
    const city = 'Weimar an der Ilm';
    for (const name of ['C', 'A', 'B', 'A', '100 % Halle', '100 x Halle'])
      await newVenue(rival, { name, city });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await app.client().get(`/venues?city=weimar%20AN%20der%20ilm&limit=2${cursor}`);
      assert.equal(body.total, 6);
      seen.push(...body.data.map(({ name }: { name: string }) => name));
      cursor = body.next && `&cursor=${body.next}`;
    } while (cursor);
    assert.deepEqual(seen.slice(2), ['A', 'A', 'B', 'C']);
    const named = async (q: string) =>
      (await app.client().get(`/venues?q=${encodeURIComponent(q)}`)).body.data.map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual(
      await named('100 %'),
      ['100 % Halle', '100 x Halle'],
      'a sign is no wildcard and no word',
    );
    assert.deepEqual(await named("'; DROP TABLE venue; --"), []);
    assert.equal((await named('der ILM')).length, 6);
  });
});

describe('a venue with an event', () => {
  test('cannot be deleted, nor its plans; once the draft is gone, it can', async () => {
    const { id: venueId } = await newVenue();
    const plan = await organizer.client.post(`/venues/${venueId}/seating-plans`, { plan: editorPlan() });
    const event = await organizer.client.post('/events', {
      venueId,
      planId: plan.body.id,
      title: 'Final',
      category: 'Handball',
      startsAt: '2090-01-01T18:00:00Z',
      endsAt: '2090-01-01T20:00:00Z',
      currency: 'EUR',
    });
    assert.equal(event.status, 201, JSON.stringify(event.body));
    fails(await organizer.client.delete(`/venues/${venueId}`), 409, 'venue_in_use');
    assert.equal((await app.client().get(`/venues/${venueId}/seating-plans`)).body.total, 1);
    assert.equal((await organizer.client.delete(`/events/${event.body.id}`)).status, 204);
    assert.equal((await organizer.client.delete(`/venues/${venueId}`)).status, 204);
  });

  test('keeps room for the plans in use; what stays where it is can be edited all the same', async () => {
    const { id } = await newVenue();
    const draft = await newDraft(id);
    const lower = (capacity: number) =>
      organizer.client.patch(`/venues/${id}`, { capacity }, { 'if-match': '"v1"' });
    const check = async () => {
      const { status, body } = await lower(2);
      assert.deepEqual([status, body.code, body.places, body.capacity], [409, 'capacity_in_use', 3, 2]);
      assert.equal((await app.client().get(`/venues/${id}`)).body.capacity, hall.capacity);
    };
    await check();
    const event = `/events/${draft}`;
    // As the release before let it: the draft cannot be published, what was published can be postponed.
    const shrink = (capacity: number) =>
      app.db.query('UPDATE venue SET capacity = $2 WHERE id = $1', [id, capacity]);
    await shrink(2);
    const refused = await organizer.client.post(`${event}/publish`);
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.places],
      [422, 'plan_exceeds_capacity', 3],
    );
    await shrink(hall.capacity);
    assert.equal((await organizer.client.post(`${event}/publish`)).status, 200);
    await check();
    await shrink(2);
    const edit = (body: object, version: number) =>
      organizer.client.patch(event, body, { 'if-match': `"v${version}"` });
    assert.equal((await edit({ description: 'x' }, 2)).status, 200);
    assert.equal((await edit({ endsAt: '2027-09-04T20:00:00Z' }, 3)).status, 200);
    await shrink(hall.capacity);
    assert.equal((await lower(3)).status, 200);
    await app.db.query(`UPDATE event SET status = 'completed' WHERE id = $1`, [draft]);
    assert.equal(
      (await organizer.client.patch(`/venues/${id}`, { capacity: 1 }, { 'if-match': '"v2"' })).status,
      200,
    );
  });

  test('capacity lowered while an event is published: one of them is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await newVenue();
      const draft = await newDraft(id);
      await Promise.all([
        organizer.client.patch(`/venues/${id}`, { capacity: 2 }, { 'if-match': '"v1"' }),
        organizer.client.post(`/events/${draft}/publish`),
      ]);
    }
    const { rowCount } = await app.db.query(
      `SELECT FROM event e JOIN venue v ON v.id = e.venue_id JOIN seating_plan p ON p.id = e.plan_id
        WHERE e.status = 'published' AND p.place_count > v.capacity`,
    );
    assert.equal(rowCount, 0);
  });

  test('what happened to it can be read from its facts', async () => {
    const { id } = await newVenue();
    const { body } = await organizer.client.post(`/venues/${id}/seating-plans`, { plan: editorPlan() });
    await admin.client.patch(`/venues/${id}`, { capacity: 99 }, { 'if-match': '"v1"' });
    await organizer.client.delete(`/venues/${id}`);
    const { rows } = await app.db.query(
      'SELECT type, version, actor, data FROM fact WHERE stream_id = ANY($1) ORDER BY pos',
      [[id, body.id]],
    );
    assert.deepEqual(rows, [
      {
        type: 'venue.created',
        version: 1,
        actor: organizer.id,
        data: { ...hall, description: null, organizerId: organizer.id },
      },
      {
        type: 'seating_plan.imported',
        version: 1,
        actor: organizer.id,
        data: { venueId: id, version: 1, name: 'Editor form', seatCount: 3, placeCount: 3 },
      },
      { type: 'venue.updated', version: 2, actor: admin.id, data: { capacity: 99 } },
      { type: 'venue.deleted', version: 3, actor: organizer.id, data: {} },
    ]);
  });
});

describe('seating plans', () => {
  test('the export equals the import to the byte, in both forms and with fields nobody knows', async () => {
    const { id } = await newVenue();
    const odd =
      '{ "name" :"Odd","unknown":{"10":1.0,"2":[1e2,"\\u00e9"]}, "categories":[{"name":"Stalls"}],"zones":[{"position":{"x":0,"y":0},"rows":[{"row_number":"1","seats":[{"seat_guid":"1","seat_number":"1","position":{"x":-0.50,"y":0},"category":"Stalls"}]}]}]}';
    const cases: [text: string, accessible: string[], areas: { name: string; capacity: number }[]][] = [
      [hallText, facts.accessible_seat_guids, facts.general_admission],
      [JSON.stringify(olderPlan(), null, 2), [], []],
      [JSON.stringify(editorPlan()), ['A-3', 'A-1'], [{ name: 'Standing', capacity: 9 }]],
      [odd, [], []],
    ];
    for (const [i, [text, accessible, areas]] of cases.entries()) {
      const imported = await organizer.client.post(
        `/venues/${id}/seating-plans`,
        `{"areas":${JSON.stringify(areas)},"plan":${text} ,"accessible":${JSON.stringify(accessible)}}`,
      );
      assert.equal(imported.status, 201, JSON.stringify(imported.body));
      assert.deepEqual([imported.body.version, imported.body.venueId], [i + 1, id]);
      const answer = await fetch(`${app.url}/api/v1/venues/${id}/seating-plans/${imported.body.id}`, {
        headers: { authorization: `Bearer ${organizer.token}` },
      });
      const exported = await answer.text();
      assert.equal(answer.status, 200);
      assert.ok(exported.includes(`"plan":${text.trim()}}`), 'the document is in the answer as it was sent');
      const { plan, ...rest } = JSON.parse(exported);
      assert.deepEqual(plan, JSON.parse(text));
      assert.deepEqual(rest, { ...imported.body, accessible, areas });
    }
    const list = await app.client().get(`/venues/${id}/seating-plans`);
    assert.deepEqual(
      list.body.data.map(({ version, seatCount, placeCount }: Record<string, number>) => [
        version,
        seatCount,
        placeCount,
      ]),
      [
        [4, 1, 1],
        [3, 3, 12],
        [2, 2, 2],
        [1, 1252, 1500],
      ],
    );
    const again = list.body.data[3].id;
    const layout = await app.nest.get(PlansService).layout(again);
    assert.deepEqual(
      [layout.seats.length, layout.seats.filter(({ accessible }) => accessible).length],
      [1252, 21],
    );
    assert.equal(await app.nest.get(PlansService).layout(again), layout, 'kept in memory');
    await assert.rejects(app.db.query('UPDATE seating_plan SET name = name'), /immutable/);
  });

  test('plans of 50,000 seats are imported whole', async () => {
    const { id } = await newVenue(organizer, { capacity: 50_000 });
    const body = JSON.stringify(arena());
    const start = performance.now();
    const imported = await organizer.client.post(`/venues/${id}/seating-plans`, body);
    note(`import of ${(body.length / 1e6).toFixed(1)} MB: ${Math.round(performance.now() - start)} ms`);
    assert.equal(imported.status, 201, JSON.stringify(imported.body));
    assert.deepEqual([imported.body.seatCount, imported.body.placeCount], [50_000, 50_000]);
    const { rows } = await app.db.query(
      `SELECT count(DISTINCT seat->>'label')::int AS labels, count(DISTINCT (seat->>'n')::int)::int AS numbers,
        max((seat->>'n')::int) AS last FROM seating_plan, json_array_elements(layout->'seats') seat WHERE id = $1`,
      [imported.body.id],
    );
    assert.deepEqual(rows, [{ labels: 50_000, numbers: 50_000, last: 49_999 }]);
    fails(
      await organizer.client.post(
        `/venues/${(await newVenue(organizer, { capacity: 49_999 })).id}/seating-plans`,
        body,
      ),
      422,
      'plan_exceeds_capacity',
    );
  });

  test('imports at the same time get versions of their own', async () => {
    const { id } = await newVenue();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        organizer.client.post(`/venues/${id}/seating-plans`, { plan: editorPlan() }),
      ),
    );
    assert.deepEqual(answers.map(({ body }) => body.version).sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a broken plan is refused with every problem and its path, and nothing is kept', async () => {
    const { id } = await newVenue();
    const before = await planCount();
    const plan = editorPlan();
    Object.assign(plan.zones[0]!.rows[0]!.seats[0]!, { category: 'Royal' });
    Object.assign(plan.zones[0]!.rows[0]!.seats[2]!, { seat_guid: 'A-1', position: { x: 'left', y: 0 } });
    const answer = await organizer.client.post(`/venues/${id}/seating-plans`, {
      plan,
      accessible: ['nobody'],
      areas: [{ name: 'Floor', capacity: 0 }],
    });
    fails(answer, 422, 'invalid_plan');
    assert.deepEqual(answer.body.errors.map(({ path }: { path: string }) => path).sort(), [
      'accessible.0',
      'areas.0.capacity',
      'plan.zones.0.rows.0.seats.0.category',
      'plan.zones.0.rows.0.seats.2.position.x',
      'plan.zones.0.rows.0.seats.2.seat_guid',
    ]);
    const many = { ...editorPlan(), categories: [] };
    many.zones[0]!.rows[0]!.seats = Array.from({ length: 1_000 }, (_, i) => ({
      ...many.zones[0]!.rows[0]!.seats[0]!,
      seat_guid: `${i}`,
    }));
    const counted = await organizer.client.post(`/venues/${id}/seating-plans`, { plan: many });
    fails(counted, 422, 'invalid_plan');
    assert.deepEqual([counted.body.errors.length, counted.body.problems], [300, 1_000]);
    assert.equal(await planCount(), before);
  });

  test('bad requests get their own code', async () => {
    const { id } = await newVenue(organizer, { capacity: 10 });
    const path = `/venues/${id}/seating-plans`;
    const before = await planCount();
    const plan = editorPlan();
    fails(await organizer.client.post(path, {}), 400, 'missing_field');
    fails(await organizer.client.post(path, { plan: [] }), 400, 'wrong_type');
    fails(await organizer.client.post(path, { plan: 'x' }), 400, 'wrong_type');
    fails(await organizer.client.post(path, { plan, seats: 3 }), 400, 'unknown_field');
    fails(
      await organizer.client.post(path, { plan, areas: [{ name: 'A', capacity: '1' }] }),
      400,
      'wrong_type',
    );
    fails(
      await organizer.client.post(path, { plan, areas: [{ name: 'A', capacity: 1, x: 1 }] }),
      400,
      'unknown_field',
    );
    fails(await organizer.client.post(path, { plan: {} }), 422, 'invalid_plan');
    const tooMany = await organizer.client.post(path, { plan, areas: [{ name: 'A', capacity: 8 }] });
    fails(tooMany, 422, 'plan_exceeds_capacity');
    assert.deepEqual([tooMany.body.places, tooMany.body.capacity], [11, 10]);
    assert.match(tooMany.body.detail, /11 .* 10/);
    fails(await organizer.client.post(path, '{"plan":'), 400, 'malformed_json');
    fails(await organizer.client.post(path, `{"plan":{"__proto__":{"name":"x"}}}`), 400, 'malformed_json');
    const deep = `{"plan":{"name":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}}`;
    fails(await organizer.client.post(path, deep), 400, 'too_deep');
    fails(
      await organizer.client.post(path, `{"plan":${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}}`),
      400,
      'too_deep',
    );
    fails(
      await organizer.client.post(
        path,
        `{"accessible":${'['.repeat(500_000)}${']'.repeat(500_000)}, "plan": {}}`,
      ),
      400,
      'too_deep',
    );
    const numbers = `{"plan":{},"accessible":[${'1,'.repeat(500_000)}1]}`;
    fails(await organizer.client.post(path, numbers), 422, 'validation_failed');
    const huge = await organizer.client.post(path, `{"plan":{"name":"${'x'.repeat(33 * 1024 * 1024)}"}}`);
    fails(huge, 413, 'body_too_large');
    const large = `{"plan":{"name":"${'x'.repeat(1024 * 1024)}"}}`;
    fails(await app.client().post(path, large), 401, 'unauthenticated');
    fails(await buyer.client.post(path, large), 403, 'forbidden');
    fails(await app.client('forged').post(path, large), 401, 'token_invalid');
    fails(await organizer.client.post(`/venues/${NOBODY}/seating-plans`, { plan }), 404, 'not_found');
    assert.equal(await planCount(), before);
    assert.equal((await app.client().get('/health/live')).status, 200);
  });

  test('a plan is exported to organizers, and only below its own venue', async () => {
    const [{ id }, other] = [await newVenue(), await newVenue()];
    const { body } = await organizer.client.post(`/venues/${id}/seating-plans`, { plan: olderPlan() });
    const path = `/venues/${id}/seating-plans/${body.id}`;
    fails(await app.client().get(path), 401, 'unauthenticated');
    fails(await buyer.client.get(path), 403, 'forbidden');
    assert.equal((await rival.client.get(path)).status, 200);
    fails(await organizer.client.get(`/venues/${other.id}/seating-plans/${body.id}`), 404, 'not_found');
    fails(await organizer.client.get(`/venues/${id}/seating-plans/${NOBODY}`), 404, 'not_found');
    fails(await app.client().get(`/venues/${NOBODY}/seating-plans`), 404, 'not_found');
    assert.equal((await organizer.client.delete(`/venues/${id}`)).status, 204);
    fails(await organizer.client.get(path), 404, 'not_found');
  });
});
