import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from '@jest/globals';
import { EVENT_EXAMPLE, EVENT_IDS, type EventBody } from '../../../src/events/events.schemas.js';
import { arena } from '../../../src/operations/demo/arena.js';
import { hallOutline } from '../../../src/operations/web/hall-outline.rules.js';
import {
  beginning,
  eventData,
  eventPicture,
  homePicture,
  type ShownEvent,
  zoned,
} from '../../../src/operations/web/page.rules.js';
import { PAGE_TEXTS } from '../../../src/operations/web/page.texts.js';
import { LOCALES } from '../../../src/platform/common/locale.js';
import { proseOf } from '../../../src/platform/common/markdown.js';
import { buildLayout } from '../../../src/venues/layout.rules.js';
import { outlineOf } from '../../../src/venues/outline.rules.js';
import type { Venue } from '../../../src/venues/venues.schemas.js';
import type { Json } from '../../support/client.js';

const URL = 'https://tickets.example.org';
const NOW = new Date('2027-07-01T12:00:00Z');
const tier = (no: number, price: number) => ({ no, name: `Tier ${no}`, price, category: 'A', area: null });
const venue = {
  name: 'Riethsporthalle',
  address: 'Essener Str. 20',
  city: 'Erfurt',
  country: 'DE',
} as Venue;

function shown(changes: Partial<EventBody> = {}, freePlaces = 12): ShownEvent {
  const event = {
    ...EVENT_EXAMPLE,
    ...EVENT_IDS,
    status: 'published',
    version: 3,
    cancelledAt: null,
    cancellationReason: null,
    publishedAt: '2027-06-01T09:00:00.000Z',
    createdAt: '2027-05-31T12:00:00.000Z',
    updatedAt: '2027-06-01T09:00:00.000Z',
    priceTiers: [tier(0, 2400), tier(1, 1200)],
    ...changes,
  } as EventBody;
  return {
    event,
    venue,
    freePlaces,
    prose: proseOf(event.description),
    outline: '<svg></svg>',
    organizer: 'Club & Söhne',
  };
}

const data = (changes?: Partial<EventBody>, freePlaces?: number): Json =>
  eventData(shown(changes, freePlaces), URL, NOW);

test('search engines read dates with their zone, place and the range of prices', () => {
  const { startDate, endDate, location, offers, eventStatus, image } = data({
    imageUrl: 'https://x.org/a.jpg',
  });
  assert.deepEqual([startDate, endDate], ['2027-09-04T19:00:00+02:00', '2027-09-04T21:00:00+02:00']);
  assert.deepEqual(location.address, {
    '@type': 'PostalAddress',
    streetAddress: 'Essener Str. 20',
    addressLocality: 'Erfurt',
    addressCountry: 'DE',
  });
  assert.deepEqual([offers.lowPrice, offers.highPrice, offers.priceCurrency], ['12.00', '24.00', 'EUR']);
  assert.equal(eventStatus, 'https://schema.org/EventScheduled');
  assert.deepEqual(image, ['https://x.org/a.jpg']);
  assert.equal(data({ priceTiers: [] }).offers, undefined);
});

test('search engines and readers learn of doors, length and age, where they are said', () => {
  const { doorTime, duration, typicalAgeRange } = data({ minAge: 16 });
  assert.deepEqual([doorTime, duration, typicalAgeRange], ['2027-09-04T18:00:00+02:00', 'PT90M', '16-']);
  const { body } = eventPicture(shown(), 'de', URL, NOW);
  assert.ok(body.includes('Einlass 18:00 · Dauer 1\u00a0Std. 30\u00a0Min. · Alter ab 6 Jahren'));
  const unsaid = { doorsAt: null, durationMinutes: null, minAge: null };
  for (const name of ['doorTime', 'duration', 'typicalAgeRange']) assert.ok(!(name in data(unsaid)), name);
  assert.ok(!eventPicture(shown(unsaid), 'en', URL, NOW).body.includes('Doors'));
});

test('what can be bought is told by sale, places and cancellation', () => {
  const told = (changes?: Partial<EventBody>, freePlaces?: number) =>
    data(changes, freePlaces).offers.availability.replace('https://schema.org/', '');
  assert.equal(told(), 'InStock');
  assert.equal(told({}, 0), 'SoldOut');
  assert.equal(told({ saleStartsAt: '2027-07-02T00:00:00.000Z' }), 'PreOrder');
  assert.equal(told({ saleEndsAt: '2027-07-01T11:00:00.000Z' }), 'Discontinued');
  assert.equal(told({ status: 'completed' }), 'Discontinued');
  assert.equal(told({ status: 'cancelled' }), 'Discontinued');
  assert.equal(data({ status: 'cancelled' }).eventStatus, 'https://schema.org/EventCancelled');
});

test('an instant has the distance of its own day from UTC', () => {
  for (const [at, zone, expected] of [
    ['2027-01-04T17:00:00Z', 'Europe/Berlin', '2027-01-04T18:00:00+01:00'],
    ['2027-07-04T17:00:00Z', 'America/St_Johns', '2027-07-04T14:30:00-02:30'],
    ['2027-07-04T17:00:00Z', 'UTC', '2027-07-04T17:00:00+00:00'],
    ['2027-07-04T20:00:00Z', 'Asia/Kathmandu', '2027-07-05T01:45:00+05:45'],
  ] as const)
    assert.equal(zoned(new Date(at), zone), expected);
});

test('the page of an event says the reason for which nothing can be bought', () => {
  for (const locale of LOCALES) {
    const texts = PAGE_TEXTS[locale];
    const { body, head } = eventPicture(shown({ status: 'cancelled' }), locale, URL, NOW);
    assert.ok(body.includes(texts.cancelled));
    assert.ok(head.includes(texts.cancelled));
    assert.ok(!body.includes('<svg'));
    assert.ok(eventPicture(shown({}, 0), locale, URL, NOW).body.includes(texts.soldOut));
    const over = shown({ endsAt: '2027-06-30T12:00:00.000Z' });
    assert.ok(eventPicture(over, locale, URL, NOW).body.includes(texts.over));
    const paused = eventPicture(shown({ salePausedAt: '2027-06-30T12:00:00.000Z' }), locale, URL, NOW);
    assert.ok(paused.body.includes(texts.paused));
    assert.ok(paused.head.includes('https://schema.org/OutOfStock'));
  }
  const { body } = eventPicture(shown(), 'en', URL, NOW);
  assert.ok(body.includes('from €12.00') && body.includes('<svg'));
  const free = shown({ priceTiers: [tier(0, 0)] });
  assert.ok(eventPicture(free, 'de', URL, NOW).body.includes('Eintritt frei'));
});

test('a description is formatted on the page, and has no marks in the head', () => {
  const { head, body } = eventPicture(
    shown({ description: '# Tonight\n\nA **grand** evening' }),
    'en',
    URL,
    NOW,
  );
  assert.ok(body.includes('<h3>Tonight</h3>\n<p>A <strong>grand</strong> evening</p>'));
  assert.equal(head.match(/Tonight A grand evening/g)!.length, 3, 'description, Open Graph, schema.org');
  assert.ok(!eventPicture(shown({ description: '' }), 'en', URL, NOW).body.includes('class="prose"'));
});

test('whatever people write stays text, in tags, attributes and scripts', () => {
  const evil = '</script><b>"x&';
  const event = shown({ title: evil, description: evil, category: evil, imageUrl: 'https://x.org/"><b>' });
  const { head, body } = eventPicture(
    { ...event, venue: { ...venue, name: evil, address: evil, city: evil } },
    'en',
    URL,
    NOW,
  );
  assert.ok(!`${head}${body}`.includes('<b>'));
  assert.equal(head.match(/<\/script>/g)!.length, 1);
  const { id, organizerId, title, category, status, startsAt, endsAt, timezone, currency } = event.event;
  const summary = {
    ...{ id, organizerId, title, category, status, startsAt, endsAt, timezone, currency },
    ...{
      sandbox: false,
      saleStartsAt: null,
      saleEndsAt: null,
      salePausedAt: null,
      publishedAt: null,
      imageUrl: event.event.imageUrl,
      image: null,
    },
    ...{ venue: { id, name: evil, city: evil, country: 'DE' }, fromPrice: 1200, places: 9, freePlaces: 0 },
  };
  const home = homePicture([summary], 'en', URL);
  assert.ok(!home.body.includes('<b>'));
  assert.ok(home.body.includes('Sold out'));
});

test('the outline of a hall has each section that has seats, and is small', () => {
  const hall = arena();
  const layout = buildLayout(hall.plan as never, [], []);
  const svg = hallOutline(outlineOf(layout)!);
  const used = new Set(layout.seats.map(({ section }) => section));
  assert.equal(svg.match(/<path /g)!.length, used.size);
  assert.ok(used.size > 100 && svg.length < 20_000, `${svg.length}`);
  // Points lie within the picture.
  const [left, top, width, height] = /viewBox="([^"]+)"/.exec(svg)![1]!.split(' ').map(Number);
  for (const [, points] of svg.matchAll(/d="m([^z]+)z"/g)) {
    let [x, y] = [0, 0];
    points!.split(' ').forEach((step, i) => {
      if (i % 2 === 0) x += Number(step);
      else y += Number(step);
      if (i % 2 === 1) assert.ok(x >= left! && x <= left! + width! && y >= top! && y <= top! + height!);
    });
  }
  assert.equal(outlineOf({ ...layout, seats: [] }), null);
});

test('a text is cut between words, and never within a sign', () => {
  assert.equal(beginning('short', 10), 'short');
  assert.equal(beginning('one two three', 9), 'one two …');
  assert.ok(beginning('🎭'.repeat(9), 5).isWellFormed());
});

test('the first picture says in the same words what the app says', async () => {
  for (const locale of LOCALES) {
    const path = resolve(`web/src/i18n/${locale}.ts`);
    const { app, nav, browse, event } = (await import(pathToFileURL(path).href))[locale];
    const { about, needsScript, organisationEvents, ...shared } = PAGE_TEXTS[locale];
    assert.ok(about && needsScript && organisationEvents);
    assert.deepEqual(shared, {
      events: nav.events,
      headline: browse.headline,
      lead: browse.lead,
      upcoming: browse.upcoming,
      fromPrice: browse.fromPrice,
      free: browse.free,
      soldOut: browse.soldOut,
      aboutEvent: event.about,
      organizer: event.organizer,
      organisationNone: event.organisationNone,
      cancelled: event.cancelled,
      over: event.over,
      paused: event.paused,
      notFound: app.notFound,
      notFoundText: app.notFoundText,
      home: app.home,
    });
  }
});
