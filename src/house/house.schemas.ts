import { z } from 'zod';
import type { Locale } from '../platform/common/locale.js';
import { line, text } from '../platform/common/schemas.js';

/** Bytes of six texts of 50,000 characters, or of a picture in base64. */
export const BODY_LIMIT = 2 * 1024 * 1024;

export const LEGAL_PAGES = ['imprint', 'privacy', 'terms'] as const;
export type LegalPage = (typeof LEGAL_PAGES)[number];

/** A text in both languages; null: there is none. */
const bilingual = <T extends z.ZodType>(part: T) =>
  z.strictObject({ de: part.nullable(), en: part.nullable() });
export interface Bilingual {
  readonly de: string | null;
  readonly en: string | null;
}

/** In the reader's language, or in the other one where there is no other text. */
export const inLanguage = (text: Bilingual, locale: Locale): string | null =>
  text[locale] ?? text.de ?? text.en;

const link = z.strictObject({
  label: z.strictObject({ de: line(60), en: line(60) }),
  url: z.url({ protocol: /^https$/, error: 'must be a URL that begins with https://', abort: true }).max(500),
});
export type HouseLink = z.infer<typeof link>;

const accent = z
  .string()
  .regex(/^#[\da-f]{6}$/i, 'must be a colour such as #8b1e3f')
  .toLowerCase();
const legalText = bilingual(text(50_000)).describe('Paragraphs, with an empty line between them');

const example = {
  name: 'Playhouse Erfurt',
  accent: '#8b1e3f',
  links: [{ label: { de: 'Anfahrt', en: 'Getting here' }, url: 'https://playhouse.example.org/visit' }],
  vat: { de: 'Preise mit 7 % Umsatzsteuer', en: 'Prices with 7 % VAT' },
};
const NONE = { de: null, en: null };

const name = line(80);

export const houseSettings = z
  .strictObject({
    name,
    accent: accent
      .nullable()
      .describe('Colour of buttons and links, dark enough for white text; null: the colours of the product'),
    links: z.array(link).max(8).describe('Shown at the foot of pages and mails'),
    imprint: legalText,
    privacy: legalText,
    terms: legalText,
    vat: bilingual(line(200)).describe('About taxes, at the foot of pages and on tickets'),
  })
  .meta({
    id: 'HouseSettings',
    example: {
      ...example,
      imprint: { de: 'Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt', en: null },
      privacy: NONE,
      terms: NONE,
    },
  });
export type HouseSettings = z.infer<typeof houseSettings>;

/** Settings of an organisation, which has what it leaves out from the house. */
export const ownSettings = z
  .strictObject({
    ...houseSettings.shape,
    name: name.nullable().describe('Name that buyers see; null: that of the house'),
    accent: houseSettings.shape.accent.describe(
      'Colour of buttons and links, dark enough for white text; null: that of the house',
    ),
    links: houseSettings.shape.links.describe(
      'Shown at the foot of pages and mails; empty: those of the house',
    ),
  })
  .meta({ id: 'OrganisationHouseSettings', example: houseSettings.meta()!.example as HouseSettings });
export type OwnSettings = z.infer<typeof ownSettings>;

const picture = {
  logo: z.string().nullable().describe('Path of the logo; it changes with the picture'),
  version: z.int(),
};
const pictureExample = { logo: '/api/v1/house/logo?v=3f0c2b9d5e1a', version: 4 };

/** Everything, for those who change it. */
export const wholeHouse = z.object({ ...houseSettings.shape, ...picture }).meta({
  id: 'WholeHouse',
  example: { ...(houseSettings.meta()!.example as HouseSettings), ...pictureExample },
});
export type WholeHouse = z.infer<typeof wholeHouse>;

/** Everything that an organisation has of its own; version 0: nothing yet. */
export const wholeOwnHouse = z.object({ ...ownSettings.shape, ...picture }).meta({
  id: 'WholeOrganisationHouse',
  example: wholeHouse.meta()!.example as WholeHouse,
});
export type WholeOwnHouse = z.infer<typeof wholeOwnHouse>;

/** The part that each page shows. */
export const house = z
  .object({
    ...houseSettings.pick({ name: true, accent: true, links: true, vat: true }).shape,
    pages: z.array(z.enum(LEGAL_PAGES)).describe('Legal texts that there are, in one language at least'),
    ...picture,
  })
  .meta({ id: 'House', example: { ...example, pages: ['imprint'], ...pictureExample } });
export type House = z.infer<typeof house>;

export const legalTexts = houseSettings.pick({ imprint: true, privacy: true, terms: true }).meta({
  id: 'LegalTexts',
  example: {
    imprint: { de: 'Playhouse Erfurt gGmbH\n\nTheaterplatz 1, 99084 Erfurt', en: null },
    privacy: NONE,
    terms: NONE,
  },
});
export type LegalTexts = z.infer<typeof legalTexts>;

/** Bytes of a logo at most. */
export const LOGO_BYTES = 512 * 1024;

export const newLogo = z
  .strictObject({
    data: z
      .string()
      .regex(/^[A-Za-z\d+/]+={0,2}$/, 'must be base64')
      .max(Math.ceil(LOGO_BYTES / 3) * 4, `must have at most ${LOGO_BYTES / 1024} KiB`)
      .describe('PNG, JPEG or WebP of at most 512 KiB'),
  })
  .meta({
    id: 'NewLogo',
    example: {
      data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    },
  });

export const logoQuery = z.strictObject({
  v: z
    .string()
    .max(64)
    .optional()
    .describe('Digest of the picture; with that of now it may be kept for a year'),
});
