import type { House } from '../../house/house.schemas.js';
import type { OrganisationHouse } from '../../organisations/organisations.schemas.js';
import { escapeHtml } from '../../platform/mail/html.js';

/** Name that pages have while nobody has given the house one. */
const PRODUCT = 'Evently';

/** The product's mark in the head of the first text, where a house has its logo. */
export const OWN_MARK = '<img src="/favicon.svg" alt="" width="30" height="30">';

/** Way to the first page, or to that of the organisation whose page it is. */
export const OWN_BRAND = '<a href="/" class="brand">';

/** Colours by a colour in the address, which never change. */
const sheet = (accent: string): string =>
  `<link rel="stylesheet" id="colors" href="/colors.css?accent=${encodeURIComponent(accent.replace('#', ''))}">`;

export interface Houses {
  /** That of the installation; undefined: pages have the look of the product. */
  readonly house: House | undefined;
  /** On the pages of an organisation, whose name and look they have then. */
  readonly seller?: OrganisationHouse | undefined;
  /** Colour of the site around a widget, instead of that of the house. */
  readonly accent?: string | undefined;
}

/** No script runs: the policy of pages lets data stand there. "<" could end the element. */
const data = (id: string, house: House | undefined): string =>
  house
    ? `<script type="application/json" id="${id}">${JSON.stringify(house).replaceAll('<', '\\u003c')}</script>`
    : '';

/**
 * A page with its house in the head: the title, the colours as a style sheet and the rest as data, so that the first frame
 * is right.
 */
export function withHouse(page: string, { house, seller, accent }: Houses): string {
  const shown = seller ?? house;
  const color = accent ?? shown?.accent;
  const head = [color && sheet(color), data('house', house), data('seller', seller)];
  // Functions, because texts of people may hold "$&".
  const name = escapeHtml(shown?.name ?? PRODUCT);
  return page
    .replace(OWN_BRAND, (brand) => (seller ? `<a href="/o/${seller.organisation.id}" class="brand">` : brand))
    .replace(/(<title>(?:[^<]* · )?)Evently<\/title>/, (_, start: string) => `${start}${name}</title>`)
    .replace(
      `property="og:site_name" content="${PRODUCT}"`,
      () => `property="og:site_name" content="${name}"`,
    )
    .replace(OWN_MARK, (mark) => (shown?.logo ? `<img src="${escapeHtml(shown.logo)}" alt="">` : mark))
    .replace(`<span>${PRODUCT}</span>`, () => `<span>${name}</span>`)
    .replace('</head>', () => `${head.filter(Boolean).join('')}</head>`);
}
