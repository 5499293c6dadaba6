import type { House } from '../../house/house.schemas.js';
import { escapeHtml } from '../../platform/mail/html.js';

/** Name that pages have while nobody has given the house one. */
const PRODUCT = 'Evently';

/** The product's mark in the head of the first text, where a house has its logo. */
export const OWN_MARK = '<img src="/favicon.svg" alt="" width="30" height="30">';

/** Colours by a colour in the address, which never change. */
const sheet = (accent: string): string =>
  `<link rel="stylesheet" href="/colors.css?accent=${encodeURIComponent(accent.replace('#', ''))}">`;

/**
 * A page with the house in its head: the title, the colours as a style sheet and the rest as data, so that the first frame
 * is right. Undefined: the page has the look of the product.
 *
 * @param accent of the site around a widget, instead of that of the house
 */
export function withHouse(page: string, house: House | undefined, accent = house?.accent): string {
  const head = [
    accent && sheet(accent),
    // No script runs: the policy of pages lets data stand there. "<" could end the element.
    house &&
      `<script type="application/json" id="house">${JSON.stringify(house).replaceAll('<', '\\u003c')}</script>`,
  ];
  // Functions, because texts of people may hold "$&".
  const name = escapeHtml(house?.name ?? PRODUCT);
  return page
    .replace(/(<title>(?:[^<]* · )?)Evently<\/title>/, (_, start: string) => `${start}${name}</title>`)
    .replace(
      `property="og:site_name" content="${PRODUCT}"`,
      () => `property="og:site_name" content="${name}"`,
    )
    .replace(OWN_MARK, (mark) => (house?.logo ? `<img src="${escapeHtml(house.logo)}" alt="">` : mark))
    .replace(`<span>${PRODUCT}</span>`, () => `<span>${name}</span>`)
    .replace('</head>', () => `${head.filter(Boolean).join('')}</head>`);
}
