import type { EventSummary } from '../../events/event-lists.schemas.js';
import type { EventBody } from '../../events/events.schemas.js';
import type { OrganisationHouse } from '../../organisations/organisations.schemas.js';
import { toDecimal } from '../../platform/common/currencies.js';
import { categoryName } from '../../platform/common/event-categories.js';
import { formatEventTimes, formatShortTimes } from '../../platform/common/event-times.js';
import { asHtml, asScriptData } from '../../platform/common/html.js';
import {
  CARD_SIZES,
  HEAD_SIZES,
  imagePath,
  imageSizes,
  USUAL_WIDTH,
} from '../../platform/common/image-address.js';
import { formatMoney, type Locale } from '../../platform/common/locale.js';
import type { Prose } from '../../platform/common/markdown.js';
import { visitLine } from '../../platform/common/visit.js';
import type { Venue } from '../../venues/venues.schemas.js';
import { OWN_BRAND, OWN_MARK } from './house-head.js';
import { PAGE_TEXTS } from './page.texts.js';

/** An event with what else its page says. */
export interface ShownEvent {
  readonly event: EventBody;
  readonly venue: Venue;
  readonly freePlaces: number;
  /** The beginning of its description. */
  readonly prose: Prose;
  /** The sections of the hall as SVG. */
  readonly outline: string | null;
  /** Name of its organisation; empty: that was the name of somebody who has left. */
  readonly organizer: string;
}

/** The server's part of a page: inside of `<head>`, and inside of the element in which the app starts. */
export interface Picture {
  readonly head: string;
  readonly body: string;
}

interface Head {
  readonly title?: string;
  readonly description: string;
  /** Address of the page without the installation's; absent: no search engine shall keep it. */
  readonly path?: string;
  readonly image?: string | null;
  readonly data?: object;
}

const NAME = 'Evently';
/** Pixels that messengers ask for. */
const SHARED_WIDTH = 1200;
const OG_LOCALES: Record<Locale, string> = { en: 'en_GB', de: 'de_DE' };
/** Search engines and messengers show no more of a description. */
const MOST_OF_DESCRIPTION = 200;
/** Letters of an event's description that its page begins with. */
export const MOST_OF_TEXT = 600;
/** Picture of the installation, for pages without one of their own. */
const OWN_IMAGE = '/card.png';

/** The room of the field that the app puts there, so that nothing jumps. */
const SEARCH_AHEAD = '<div class="search" aria-hidden="true"><input disabled></div>';

/** A page that says nothing before the app has started: it is for those who are logged in, or for one task. */
export const privatePicture = (locale: Locale): Picture => ({
  head: headOf({ description: PAGE_TEXTS[locale].about }, locale, ''),
  body: needsScript(locale),
});

export function missingPicture(locale: Locale): Picture {
  const { about, notFound, notFoundText, home } = PAGE_TEXTS[locale];
  return {
    head: headOf({ title: notFound, description: about }, locale, ''),
    body: framed(
      `<div class="page narrow"><div class="blank"><h2>${notFound}</h2><p class="soft">${notFoundText}</p><a class="button main" href="/">${home}</a></div></div>`,
      locale,
    ),
  };
}

/** The list of events that is shown first. */
export function homePicture(events: readonly EventSummary[], locale: Locale, publicUrl: string): Picture {
  const { events: title, about: description, headline, lead, upcoming } = PAGE_TEXTS[locale];
  return {
    head: headOf({ title, description, path: '/' }, locale, publicUrl),
    body: framed(
      `<div class="hero"><div><h1>${headline}</h1><p>${lead}</p>${SEARCH_AHEAD}</div></div>
<div class="page stack far"><div class="filters-ahead"></div><section class="stack"><h2>${upcoming}</h2><ul class="cards">${events.map((event) => card(event, locale)).join('\n')}</ul></section></div>`,
      locale,
    ),
  };
}

/** An organisation with its events to come. */
export function organisationPicture(
  { organisation: { id, name, address, website }, name: shop }: OrganisationHouse,
  events: readonly EventSummary[],
  locale: Locale,
  publicUrl: string,
): Picture {
  const { organisationEvents, organisationNone } = PAGE_TEXTS[locale];
  const title = name || shop;
  const path = `/o/${id}`;
  const url = publicUrl + path;
  const listed = events.map((event) => card(event, locale)).join('\n');
  return {
    head: headOf(
      {
        title,
        description: organisationEvents.replace('{{name}}', () => title),
        path,
        data: {
          '@context': 'https://schema.org',
          '@type': 'Organization',
          name: title,
          url,
          ...(website && { sameAs: website }),
        },
      },
      locale,
      publicUrl,
    ),
    body: framed(
      `<div class="page stack far"><header class="stack tight"><h1>${asHtml(title)}</h1>${address && `<p class="soft lines-kept">${asHtml(address)}</p>`}${website ? `<p><a href="${asHtml(website)}">${asHtml(website)}</a></p>` : ''}</header>
<section class="stack"><h2>${PAGE_TEXTS[locale].upcoming}</h2>${listed ? `<ul class="cards">${listed}</ul>` : `<p class="soft">${organisationNone}</p>`}</section></div>`,
      locale,
    ),
  };
}

export function eventPicture(shown: ShownEvent, locale: Locale, publicUrl: string, now: Date): Picture {
  const { event, venue, freePlaces, outline, prose, organizer } = shown;
  const { id, title, category, startsAt } = event;
  const path = `/events/${id}`;
  const place = [venue.name, venue.city].join(', ');
  const times = formatEventTimes(dated(event), locale);
  const visit = visitLine(visiting(event), locale);
  const prices = event.priceTiers.map(({ price }) => price);
  const from = prices.length > 0 ? fromPrice(Math.min(...prices), event.currency, locale) : '';
  const state = saleState(event, freePlaces, now, locale);
  const summary = [times, place, state || from, prose.text].filter(Boolean).join(' · ');
  return {
    head: headOf(
      {
        title,
        description: beginning(summary, MOST_OF_DESCRIPTION),
        path,
        image: sharedImage(event, publicUrl),
        data: eventData(shown, publicUrl, now),
      },
      locale,
      publicUrl,
    ),
    body: framed(
      `<div class="page stack loose"><header class="event-head"><div class="stack"><span class="badge">${asHtml(categoryName(category, locale))}</span>
<h1>${asHtml(title)}</h1>
<div class="facts"><div><time datetime="${startsAt}">${asHtml(times)}</time></div>
<div><span><strong>${asHtml(venue.name)}</strong>, ${asHtml(venue.address)}, ${asHtml(venue.city)}</span></div>
${visit && `<div><span>${asHtml(visit)}</span></div>`}
${organizer && `<div><span>${PAGE_TEXTS[locale].organizer} <a href="/o/${event.organizerId}">${asHtml(organizer)}</a></span></div>`}
<div><strong>${asHtml(state || from)}</strong></div></div></div>${poster(event, HEAD_SIZES)}</header>
${outline && isOpen(event, now) ? `<div class="choosing"><div class="hall-outline" data-event="${id}">${outline}</div></div>` : ''}
${prose.html && `<section class="stack tight"><h2>${PAGE_TEXTS[locale].aboutEvent}</h2><div class="prose">${prose.html}</div></section>`}</div>`,
      locale,
    ),
  };
}

/** schema.org's description of an event. */
export function eventData(
  { event, venue, freePlaces, prose, organizer }: ShownEvent,
  publicUrl: string,
  now: Date,
): object {
  const { id, title, status, startsAt, endsAt, timezone, currency, priceTiers } = event;
  const { doorsAt, durationMinutes, minAge } = event;
  const image = sharedImage(event, publicUrl);
  const url = `${publicUrl}/events/${id}`;
  const prices = priceTiers.map(({ price }) => price);
  const validFrom = event.saleStartsAt ?? event.publishedAt;
  return {
    '@context': 'https://schema.org',
    '@type': 'Event',
    name: title,
    ...(prose.text && { description: prose.text }),
    url,
    startDate: zoned(new Date(startsAt), timezone),
    endDate: zoned(new Date(endsAt), timezone),
    ...(doorsAt && { doorTime: zoned(new Date(doorsAt), timezone) }),
    ...(durationMinutes && { duration: `PT${durationMinutes}M` }),
    ...(minAge !== null && { typicalAgeRange: `${minAge}-` }),
    eventStatus: `https://schema.org/${status === 'cancelled' ? 'EventCancelled' : 'EventScheduled'}`,
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    ...(image && { image: [image] }),
    ...(organizer && {
      organizer: { '@type': 'Organization', name: organizer, url: `${publicUrl}/o/${event.organizerId}` },
    }),
    location: {
      '@type': 'Place',
      name: venue.name,
      address: {
        '@type': 'PostalAddress',
        streetAddress: venue.address,
        addressLocality: venue.city,
        addressCountry: venue.country,
      },
    },
    ...(prices.length > 0 && {
      offers: {
        '@type': 'AggregateOffer',
        url,
        priceCurrency: currency,
        lowPrice: toDecimal(Math.min(...prices), currency),
        highPrice: toDecimal(Math.max(...prices), currency),
        offerCount: prices.length,
        availability: `https://schema.org/${availability(event, freePlaces, now)}`,
        ...(validFrom && { validFrom: zoned(new Date(validFrom), timezone) }),
      },
    }),
  };
}

function availability(
  { status, saleStartsAt, saleEndsAt, salePausedAt, endsAt }: EventBody,
  freePlaces: number,
  now: Date,
): string {
  if (status !== 'published' || new Date(saleEndsAt ?? endsAt) <= now) return 'Discontinued';
  if (freePlaces <= 0) return 'SoldOut';
  if (salePausedAt) return 'OutOfStock';
  return saleStartsAt && new Date(saleStartsAt) > now ? 'PreOrder' : 'InStock';
}

const isOpen = ({ status, endsAt }: EventBody, now: Date): boolean =>
  status === 'published' && new Date(endsAt) > now;

/** Why no place can be had; empty when there is none of these reasons. */
function saleState(event: EventBody, freePlaces: number, now: Date, locale: Locale): string {
  const { status, endsAt, salePausedAt } = event;
  const { cancelled, over, paused, soldOut } = PAGE_TEXTS[locale];
  if (status === 'cancelled') return cancelled;
  if (new Date(endsAt) <= now) return over;
  if (salePausedAt) return paused;
  return freePlaces <= 0 ? soldOut : '';
}

function card(event: EventSummary, locale: Locale): string {
  const { id, title, category, venue, fromPrice: price, currency, freePlaces } = event;
  const from = price === null ? '' : fromPrice(price, currency, locale);
  return `<li><article class="event-card"><div class="picture">${poster(event, CARD_SIZES)}</div><div class="stack tight"><span class="small soft">${asHtml(categoryName(category, locale))}</span>
<h3><a href="/events/${id}">${asHtml(title)}</a></h3>
<p class="small soft">${asHtml(`${formatShortTimes(dated(event), locale)} · ${venue.name}, ${venue.city}`)}</p>
<div class="row spread"><strong class="numbers">${asHtml(from)}</strong>${freePlaces <= 0 ? `<span class="badge danger">${PAGE_TEXTS[locale].soldOut}</span>` : ''}</div></div></article></li>`;
}

type Pictured = Pick<EventBody, 'image' | 'imageUrl'>;

/** With its size, so that nothing jumps. */
function poster({ image, imageUrl }: Pictured, sizes: string): string {
  const address = image ? imagePath(image, USUAL_WIDTH) : imageUrl;
  if (!address) return '<div class="poster skeleton"></div>';
  const choice = image ? ` sizes="${sizes}" srcset="${asHtml(imageSizes(image))}"` : '';
  return `<img class="poster"${choice} src="${asHtml(address)}" alt="" width="640" height="360">`;
}

/** For messengers and search engines, which want a whole address. */
const sharedImage = ({ image, imageUrl }: Pictured, publicUrl: string): string | null =>
  image ? publicUrl + imagePath(image, SHARED_WIDTH, 'jpeg') : imageUrl;

/** Head and page as the app shows them, without what only works once it has started. */
function framed(page: string, locale: Locale): string {
  const { events } = PAGE_TEXTS[locale];
  return `<header class="top"><div>${OWN_BRAND}${OWN_MARK}<span>${NAME}</span></a><nav><a href="/" class="always">${events}</a></nav></div></header>
<main class="content">${page}</main>
${needsScript(locale)}`;
}

const needsScript = (locale: Locale): string =>
  `<noscript><p class="notice">${PAGE_TEXTS[locale].needsScript}</p></noscript>`;

function headOf({ title, description, path, image, data }: Head, locale: Locale, publicUrl: string): string {
  const called = asHtml(title ? `${title} · ${NAME}` : NAME);
  const described = `<title>${called}</title>\n<meta name="description" content="${asHtml(description)}">`;
  if (path === undefined) return `${described}\n<meta name="robots" content="noindex">`;
  const url = asHtml(publicUrl + path);
  const properties = {
    site_name: NAME,
    type: 'website',
    title: title ?? NAME,
    description,
    url: publicUrl + path,
    image: image ?? publicUrl + OWN_IMAGE,
    locale: OG_LOCALES[locale],
  };
  return [
    described,
    `<link rel="canonical" href="${url}">`,
    ...Object.entries(properties).map(
      ([name, content]) => `<meta property="og:${name}" content="${asHtml(content)}">`,
    ),
    '<meta name="twitter:card" content="summary_large_image">',
    ...(data ? [`<script type="application/ld+json">${asScriptData(data)}</script>`] : []),
  ].join('\n');
}

const visiting = (event: EventBody) => ({
  ...event,
  startsAt: new Date(event.startsAt),
  doorsAt: event.doorsAt === null ? null : new Date(event.doorsAt),
});

const dated = ({ startsAt, endsAt, timezone }: Pick<EventBody, 'startsAt' | 'endsAt' | 'timezone'>) => ({
  startsAt: new Date(startsAt),
  endsAt: new Date(endsAt),
  timezone,
});

function fromPrice(price: number, currency: string, locale: Locale): string {
  const { free, fromPrice: text } = PAGE_TEXTS[locale];
  return price === 0 ? free : text.replace('{{price}}', () => formatMoney(price, currency, locale));
}

/** The beginning of a text, as whole words. */
export function beginning(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most).replace(/\s+\S*$/, '');
  return `${cut.toWellFormed()} …`;
}

/** An instant as the clocks there show it, with their distance from UTC: `2027-09-04T19:00:00+02:00`. */
export function zoned(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const offset = parts.find(({ type }) => type === 'timeZoneName')!.value.slice('GMT'.length) || '+00:00';
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset)!;
  const ahead = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const there = new Date(at.getTime() + ahead * 60_000).toISOString();
  return `${there.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}${sign}${hours}:${minutes}`;
}
