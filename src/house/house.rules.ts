import type { Locale } from '../platform/common/locale.js';
import type { Letterhead } from '../platform/mail/letter.js';
import type { House, LegalPage } from './house.schemas.js';

const PAGE_NAMES: Readonly<Record<LegalPage, Record<Locale, string>>> = {
  imprint: { de: 'Impressum', en: 'Imprint' },
  privacy: { de: 'Datenschutz', en: 'Privacy' },
  terms: { de: 'AGB', en: 'Terms' },
};

/** Name, logo, colour and links of a mail. */
export const letterheadOf = (
  { name, accent, logo, links, pages }: House,
  locale: Locale,
  publicUrl: string,
): Letterhead => ({
  name,
  accent,
  logo: logo && publicUrl + logo,
  links: [
    ...links.map(({ label, url }) => ({ text: label[locale], url })),
    ...pages.map((page) => ({ text: PAGE_NAMES[page][locale], url: `${publicUrl}/${page}` })),
  ],
});
