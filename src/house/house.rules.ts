import type { Locale } from '../platform/common/locale.js';
import type { Letterhead } from '../platform/mail/letter.js';
import { type Bilingual, type House, LEGAL_PAGES, type LegalPage, type LegalTexts } from './house.schemas.js';

/** House of an organisation, by its id; null: that of the installation. */
export type Whose = string | null;

const NO_TEXT: Bilingual = { de: null, en: null };

/** Settings of an organisation that has none of its own. */
export const NOTHING_OWN = {
  name: null,
  accent: null,
  links: [],
  imprint: NO_TEXT,
  privacy: NO_TEXT,
  terms: NO_TEXT,
  vat: NO_TEXT,
  logoHash: null,
  version: 0,
};

/** Columns from which pages, mails and tickets are made. */
interface Settings extends LegalTexts, Pick<House, 'accent' | 'links' | 'vat' | 'version'> {
  readonly name: string | null;
  readonly logoHash: string | null;
}
type Named = Settings & { readonly name: string };

export const isSaid = ({ de, en }: Bilingual): boolean => de !== null || en !== null;

/** Either text as a whole: an imprint must not be half of one and half of another seller. */
const either = (own: Bilingual, other: Bilingual): Bilingual => (isSaid(own) ? own : other);

/** Legal texts of an organisation, else those of the installation. */
export const textsOf = (installation: LegalTexts, own: LegalTexts = installation): LegalTexts => ({
  imprint: either(own.imprint, installation.imprint),
  privacy: either(own.privacy, installation.privacy),
  terms: either(own.terms, installation.terms),
});

/** Path of a logo; it changes with the picture. */
export const logoPath = (whose: Whose, { logoHash }: Pick<Settings, 'logoHash'>): string | null =>
  logoHash && `/api/v1/${whose === null ? 'house' : `organisations/${whose}/house`}/logo?v=${logoHash}`;

/**
 * The part that each page shows. An organisation has whatever is its own, else what the installation has. The logo goes with
 * the name: that of the installation does not stand beside a name of one's own.
 */
export function houseOf(installation: Named, own?: Settings & { organisationId: string }): House {
  const texts = textsOf(installation, own);
  const hasOwnSign = own && (own.logoHash !== null || own.name !== null);
  return {
    name: own?.name ?? installation.name,
    accent: own?.accent ?? installation.accent,
    links: own?.links.length ? own.links : installation.links,
    vat: own ? either(own.vat, installation.vat) : installation.vat,
    pages: LEGAL_PAGES.filter((page) => isSaid(texts[page])),
    logo: hasOwnSign ? logoPath(own.organisationId, own) : logoPath(null, installation),
    version: installation.version + (own?.version ?? 0),
  };
}

const PAGE_NAMES: Readonly<Record<LegalPage, Record<Locale, string>>> = {
  imprint: { de: 'Impressum', en: 'Imprint' },
  privacy: { de: 'Datenschutz', en: 'Privacy' },
  terms: { de: 'AGB', en: 'Terms' },
};

/** Name, logo, colour and links of a mail; `whose` house it is says where its legal texts are. */
export const letterheadOf = (
  { name, accent, logo, links, pages }: House,
  locale: Locale,
  publicUrl: string,
  whose: Whose = null,
): Letterhead => ({
  name,
  accent,
  logo: logo && publicUrl + logo,
  links: [
    ...links.map(({ label, url }) => ({ text: label[locale], url })),
    ...pages.map((page) => ({
      text: PAGE_NAMES[page][locale],
      url: `${publicUrl}${whose === null ? '' : `/o/${whose}`}/${page}`,
    })),
  ],
});
