import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  changedFields,
  dateProblems,
  EVENT_STATUSES,
  type EventChanges,
  type EventRecord,
  type EventStatus,
  editRefusal,
  nameTier,
  planExceedsCapacity,
  resolveTiers,
  withOnePicture,
} from '../../../src/events/event.rules.js';
import { filterFor, positionOf, toSummary } from '../../../src/events/event-list.rules.js';
import type { EventQuery } from '../../../src/events/event-lists.schemas.js';
import type { Listing } from '../../../src/events/listings.repository.js';
import { FULL_UNTIL_START } from '../../../src/events/refund-policy.schemas.js';
import { parseSearch } from '../../../src/events/search.rules.js';
import type { Principal } from '../../../src/platform/access/principal.js';
import type { DomainError } from '../../../src/platform/common/domain-error.js';
import { toPage } from '../../../src/platform/common/pages.js';

const NOW = new Date('2027-06-01T00:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const ID = '019ab0c0-0000-7000-8000-0000000000e1';

const EVENT: EventRecord = {
  id: ID,
  organizerId: 'organizer',
  venueId: 'venue',
  planId: 'plan',
  title: 'Final',
  description: '',
  category: 'Handball',
  status: 'published',
  sandbox: false,
  startsAt: hours(10),
  endsAt: hours(12),
  doorsAt: null,
  minAge: null,
  durationMinutes: null,
  timezone: 'Europe/Berlin',
  currency: 'EUR',
  saleStartsAt: null,
  saleEndsAt: null,
  salePausedAt: null,
  salePauseReason: null,
  maxSeatsPerBooking: 10,
  maxSeatsPerBuyer: null,
  holdSeconds: 600,
  refundPolicy: FULL_UNTIL_START,
  imageUrl: null,
  image: null,
  version: 1,
  publishedAt: NOW,
  cancelledAt: null,
  cancellationReason: null,
  createdAt: NOW,
  updatedAt: NOW,
  priceTiers: [],
};

test('the picture of an event that was set last counts', () => {
  const image = { hash: 'a', width: 1, height: 1, widths: [1] };
  assert.deepEqual(withOnePicture({ image }), { image, imageUrl: null });
  assert.deepEqual(withOnePicture({ imageUrl: 'https://x.org/a' }), {
    imageUrl: 'https://x.org/a',
    image: null,
  });
  assert.deepEqual(withOnePicture({ imageUrl: null }), { imageUrl: null });
  assert.deepEqual(withOnePicture({ image: null }), { image: null });
  assert.deepEqual(withOnePicture({ title: 'x' }), { title: 'x' });
});

describe('dates of an event', () => {
  type Dates = Parameters<typeof dateProblems>[0];
  const problems = (change: Partial<Dates>, set: Partial<Dates> = change) =>
    dateProblems({ ...EVENT, ...change }, NOW, set).map(({ path, message }) => `${path} ${message}`);

  test('lie ahead where they are being set', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ startsAt: hours(1), endsAt: hours(2) }), []);
    const past = { startsAt: NOW, endsAt: hours(1) };
    assert.deepEqual(problems(past), ['startsAt must be in the future']);
    assert.deepEqual(problems(past, {}), []);
    const over = { startsAt: hours(-2), endsAt: NOW };
    assert.deepEqual(problems(over, { endsAt: NOW }), ['endsAt must be in the future']);
    assert.deepEqual(problems(over), ['startsAt must be in the future'], 'one is enough');
    assert.deepEqual(problems(over, {}), []);
  });

  test('follow each other', () => {
    assert.deepEqual(problems({ endsAt: hours(10) }), ['endsAt must be after startsAt']);
    assert.deepEqual(problems({ doorsAt: hours(10) }), [], 'with the start');
    assert.deepEqual(problems({ doorsAt: hours(10.1) }), ['doorsAt must not be after startsAt']);
    assert.deepEqual(problems({ doorsAt: hours(-14) }), [], 'a day before');
    const early = 'doorsAt must not be more than 24 hours before startsAt';
    assert.deepEqual(problems({ doorsAt: hours(-14.1) }), [early]);
    assert.deepEqual(problems({ saleEndsAt: hours(12) }), []);
    assert.deepEqual(problems({ saleEndsAt: hours(13) }), ['saleEndsAt must not be after endsAt']);
    assert.deepEqual(problems({ saleStartsAt: hours(11) }), []);
    assert.deepEqual(problems({ saleStartsAt: hours(12) }), ['saleStartsAt must be before endsAt']);
    assert.deepEqual(problems({ saleStartsAt: hours(5), saleEndsAt: hours(5) }), [
      'saleStartsAt must be before saleEndsAt',
    ]);
    assert.deepEqual(problems({ saleStartsAt: hours(4), saleEndsAt: hours(5) }), []);
  });
});

describe('editing an event', () => {
  test('changes what differs', () => {
    const wanted: EventChanges = {
      title: 'Final',
      startsAt: hours(10),
      endsAt: hours(13),
      refundPolicy: { ...FULL_UNTIL_START },
      saleEndsAt: null,
      currency: 'USD',
    };
    assert.deepEqual(changedFields(EVENT, wanted), { endsAt: hours(13), currency: 'USD' });
  });

  test('is free before publishing, bound after it, and over at the end', () => {
    const refusal = (status: EventStatus, changes: EventChanges) => editRefusal(status, changes);
    const all = { planId: 'p', venueId: 'v', currency: 'USD', timezone: 'UTC', title: 'x' };
    assert.equal(refusal('draft', all), null);
    assert.equal(refusal('published', { title: 'x', endsAt: hours(1) }), null);
    for (const status of ['cancelled', 'completed'] as const)
      assert.deepEqual(refusal(status, { title: 'x' }), { code: 'event_ended' });
    const message = 'cannot be changed after publishing';
    for (const [field, code] of [
      ['planId', 'plan_locked'],
      ['venueId', 'plan_locked'],
      ['currency', 'locked_after_publish'],
      ['timezone', 'locked_after_publish'],
    ])
      assert.deepEqual(refusal('published', { title: 'x', [field!]: 'x' }), {
        code,
        errors: [{ path: field, message }],
      });
    assert.deepEqual(
      refusal('published', all)?.errors?.map(({ path }) => path),
      ['planId', 'venueId', 'currency', 'timezone'],
    );
  });

  test('has four states', () =>
    assert.deepEqual(EVENT_STATUSES, ['draft', 'published', 'cancelled', 'completed']));

  test('keeps the plan within what the venue may hold', () => {
    const { code, message, details } = planExceedsCapacity({ places: 501, capacity: 500 });
    assert.deepEqual(
      [code, message, details.extra],
      [
        'plan_exceeds_capacity',
        'The plan has 501 seats and places, the venue may hold 500.',
        { places: 501, capacity: 500 },
      ],
    );
  });
});

describe('price tiers', () => {
  const plan = {
    categories: [{ name: 'Stalls' }, { name: ' Box ' }, { name: 'Box' }],
    areas: [{ name: 'Floor' }, { name: 'Box' }],
  };

  test('find their category or area by name, but for the white space of older plans', () => {
    const wanted = [
      { name: 'A', price: 100, category: 'Stalls' },
      { name: 'B', price: 0, area: 'Floor' },
      { name: 'C', price: 300, category: 'Box' },
      { name: 'D', price: 400, area: 'Box ' },
    ];
    const { tiers, problems } = resolveTiers(wanted, plan);
    assert.deepEqual(problems, []);
    assert.deepEqual(tiers, [
      { no: 0, name: 'A', price: 100, category: 0, area: null, appliesTo: 'Stalls' },
      { no: 1, name: 'B', price: 0, category: null, area: 0, appliesTo: 'Floor' },
      { no: 2, name: 'C', price: 300, category: 2, area: null, appliesTo: 'Box' },
      { no: 3, name: 'D', price: 400, category: null, area: 1, appliesTo: 'Box' },
    ]);
    assert.deepEqual(tiers.map(nameTier), [...wanted.slice(0, 3), { ...wanted[3]!, area: 'Box' }]);
    const older = { categories: [{ name: 'Box ' }], areas: [] };
    assert.equal(
      resolveTiers([{ name: 'A', price: 1, category: ' Box' }], older).tiers[0]!.appliesTo,
      'Box ',
    );
  });

  test('that find none, or one that has a price already, are problems', () => {
    const { problems } = resolveTiers(
      [
        { name: 'A', price: 1, category: 'Floor' },
        { name: 'B', price: 1, area: 'Floor' },
        { name: 'C', price: 1, area: 'Floor' },
        { name: 'D', price: 1, area: 'Floor' },
      ],
      plan,
    );
    assert.deepEqual(problems, [
      { path: 'priceTiers.0.category', message: 'the plan has no category "Floor"' },
      { path: 'priceTiers.2.area', message: '"Floor" has a price already in priceTiers.1' },
      { path: 'priceTiers.3.area', message: '"Floor" has a price already in priceTiers.1' },
    ]);
  });
});

describe('a search', () => {
  const words = (text: string) => ({ text, kind: 'words' });
  const phrase = (text: string) => ({ text, kind: 'phrase' });
  const not = (text: string) => ({ text, kind: 'not' });

  test('is words as they are being typed', () => {
    assert.deepEqual(parseSearch('hand  ball'), [[words('hand ball')]]);
    assert.deepEqual(parseSearch('AC / DC'), [[words('AC / DC')]]);
    assert.deepEqual(parseSearch(' a - b —c '), [[words('a - b —c')]]);
    assert.deepEqual(parseSearch(''), [[words('')]]);
  });

  test('has phrases and exclusions, beside which words are complete', () => {
    assert.deepEqual(parseSearch('"two words"'), [[phrase('two words')]]);
    assert.deepEqual(parseSearch('cup "two words'), [[phrase('cup'), phrase('two words')]]);
    assert.deepEqual(parseSearch('cup -final'), [[phrase('cup'), not('final')]]);
    assert.deepEqual(parseSearch('cup -3 -ü'), [[phrase('cup'), not('3'), not('ü')]]);
    assert.deepEqual(parseSearch('-"two words" a b'), [[phrase('a'), phrase('b'), not('two words')]]);
    assert.deepEqual(parseSearch('""'), [[phrase('')]]);
    assert.deepEqual(parseSearch('a-b --c'), [[words('a-b --c')]]);
  });

  test('has alternatives', () => {
    assert.deepEqual(parseSearch('cup \t or final OR  "two words"'), [
      [words('cup')],
      [words('final')],
      [phrase('two words')],
    ]);
    assert.deepEqual(parseSearch('or cup or'), [[words('or cup or')]]);
    assert.deepEqual(parseSearch('error order'), [[words('error order')]]);
  });
});

describe('lists of events', () => {
  const query = (change: Partial<EventQuery> = {}): EventQuery => ({ limit: 20, ...change });
  const user = (role: Principal['role']): Principal => ({ id: 'me', role, sessionId: 's', locale: 'en' });
  const code = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      const { code, details } = error as DomainError;
      return [code, details.detail];
    }
  };

  const OWN = { organisations: ['ours'], events: ['one'] };
  const reach = () => OWN;

  test('show published events, one’s own in any state, and any state to administrators', () => {
    const filter = { q: 'cup', city: 'Erfurt' };
    assert.deepEqual(filterFor(query({ ...filter, sort: 'title', cursor: 'x' }), undefined, reach), {
      ...filter,
      status: 'published',
      sandbox: false,
    });
    assert.deepEqual(filterFor(query({ mine: true, ...filter }), user('user'), reach), {
      ...filter,
      status: undefined,
      reach: OWN,
    });
    assert.deepEqual(filterFor(query({ mine: true, status: 'draft' }), user('organizer'), reach), {
      status: 'draft',
      reach: OWN,
    });
    assert.deepEqual(filterFor(query({ status: 'draft' }), user('admin'), reach), {
      status: 'draft',
      sandbox: false,
    });
  });

  test('refuse what is not one’s own', () => {
    assert.deepEqual(
      code(() => filterFor(query({ mine: true }), undefined, reach)),
      ['unauthenticated', 'mine=true needs a login.'],
    );
    for (const other of [undefined, user('organizer')])
      assert.deepEqual(
        code(() => filterFor(query({ status: 'draft' }), other, reach)),
        ['forbidden', 'status filters your own events: add mine=true.'],
      );
  });

  /** The cursor of a page of two, as the list makes it. */
  const cursorAfterTwo = (sort: string, key: string | number): string => {
    const rows = Array.from({ length: 3 }, (_, i) => ID.replace(/.$/, `${i}`));
    return toPage(rows, 2, (id) => [sort, key, id]).next!;
  };
  const listing: Listing = {
    ...EVENT,
    venueName: 'Hall',
    city: 'Erfurt',
    country: 'DE',
    fromPrice: 1200,
    places: 100,
    freePlaces: 7,
  };

  test('are sorted by relevance where there is a search, else by the start', () => {
    assert.deepEqual(positionOf({ limit: 5 }), { sort: 'startsAt', limit: 5 });
    assert.deepEqual(positionOf({ limit: 5, q: '' }), { sort: 'relevance', limit: 5 });
    assert.deepEqual(positionOf({ limit: 5, q: 'x', sort: '-price' }), { sort: '-price', limit: 5 });
  });

  test('go on where a page ended', () => {
    const time = '2027-06-01T00:00:00.000000Z';
    const keys = {
      startsAt: time,
      '-startsAt': time,
      price: 0,
      '-price': 1200,
      title: '',
      '-publishedAt': time,
      relevance: 0.25,
    } as const;
    for (const sort of Object.keys(keys) as (keyof typeof keys)[]) {
      const key = keys[sort];
      const cursor = cursorAfterTwo(sort, key);
      assert.deepEqual(
        positionOf({ sort, limit: 2, cursor }),
        { sort, limit: 2, after: [key, ID.replace(/.$/, '1')] },
        sort,
      );
      const other = sort === 'price' ? '-price' : 'price';
      assert.equal(
        (code(() => positionOf({ sort: other, limit: 2, cursor })) as string[])[0],
        'invalid_cursor',
      );
    }
  });

  test('take no key that the database could not read', () => {
    const wrong = [
      ['startsAt', '3027-06-01T00:00:00.000000Z'],
      ['-startsAt', '2027-06-01T00:00:00Z'],
      ['price', -1],
      ['-price', 0.5],
      ['title', 'x'.repeat(1_001)],
      ['title', 7],
      ['-publishedAt', 'now'],
      ['relevance', -0.1],
      ['relevance', 1e7],
      ['relevance', 'x'],
    ] as const;
    for (const [sort, key] of wrong) {
      const cursor = cursorAfterTwo(sort, key);
      assert.deepEqual(
        (code(() => positionOf({ sort, limit: 2, cursor })) as string[])[0],
        'invalid_cursor',
        `${sort} ${key}`,
      );
    }
  });

  test('say of each event what a list needs', () => {
    const summary = {
      id: ID,
      organizerId: 'organizer',
      title: 'Final',
      category: 'Handball',
      status: 'published',
      sandbox: false,
      startsAt: EVENT.startsAt.toISOString(),
      endsAt: EVENT.endsAt.toISOString(),
      timezone: 'Europe/Berlin',
      currency: 'EUR',
      saleStartsAt: null,
      saleEndsAt: null,
      imageUrl: null,
      salePausedAt: null,
      image: null,
      publishedAt: NOW.toISOString(),
      venue: { id: 'venue', name: 'Hall', city: 'Erfurt', country: 'DE' },
      fromPrice: 1200,
      places: 100,
      freePlaces: 7,
    };
    assert.deepEqual(toSummary(listing), summary);
    const dated = { ...listing, saleStartsAt: hours(1), saleEndsAt: hours(2), publishedAt: null };
    assert.deepEqual(toSummary(dated), {
      ...summary,
      saleStartsAt: hours(1).toISOString(),
      saleEndsAt: hours(2).toISOString(),
      publishedAt: null,
    });
  });
});
