import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, type Font } from 'fontkit';
import { LRUCache } from 'lru-cache';

export type Weight = 'text' | 'bold';

/** A font with what it takes to name it: the same key is the same font. */
export interface Face {
  readonly key: string;
  readonly font: Font;
}

/** A file of a variable font, and the characters it should have. */
interface Slice {
  readonly path: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

const require = createRequire(import.meta.url);

// Embedded, because the fonts every PDF reader has know no names beyond Western Europe's. Latin, Greek, Cyrillic,
// Armenian, Georgian, Hebrew and Arabic are here; the rest is looked for in the families below.
const BASE: Record<Weight, string> = {
  text: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};
const WEIGHTS: Record<Weight, number> = { text: 400, bold: 700 };

const HANGUL = /\p{Script=Hangul}/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Joiners, selectors and marks of direction: a font need not have them. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;

const CHINESE = '@fontsource-variable/noto-sans-sc';
const JAPANESE = '@fontsource-variable/noto-sans-jp';
const KOREAN = '@fontsource-variable/noto-sans-kr';
const OTHERS = [
  '@fontsource-variable/noto-sans-devanagari',
  '@fontsource-variable/noto-sans-thai',
  '@fontsource-variable/noto-emoji',
];

/** Han letters differ a little by country: text with kana is Japanese; other text is taken for Chinese. */
const familiesFor = (text: string, cluster: string): readonly string[] => {
  if (HANGUL.test(cluster)) return [KOREAN];
  return KANA.test(text) ? [JAPANESE, CHINESE, KOREAN, ...OTHERS] : [CHINESE, JAPANESE, KOREAN, ...OTHERS];
};

const bases = new Map<Weight, Face>();

function baseFace(weight: Weight): Face {
  const face = bases.get(weight) ?? { key: weight, font: create(readFileSync(BASE[weight])) as Font };
  bases.set(weight, face);
  return face;
}

const slices = new Map<string, readonly Slice[]>();

/** The packages say by unicode.json which of their hundred files has which characters. */
function slicesOf(family: string): readonly Slice[] {
  const known = slices.get(family);
  if (known) return known;
  const folder = dirname(require.resolve(`${family}/package.json`));
  const name = family.slice(family.indexOf('/') + 1);
  const listed: Record<string, string> = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8'));
  const found = Object.entries(listed).map(([key, ranges]) => ({
    path: join(folder, 'files', `${name}-${key.replace(/[[\]]/g, '')}-wght-normal.woff2`),
    ranges: ranges.split(',').map((range) => {
      const [from, to = from] = range.slice(2).split('-');
      return [Number.parseInt(from!, 16), Number.parseInt(to!, 16)] as const;
    }),
  }));
  slices.set(family, found);
  return found;
}

/**
 * The tool is loaded when it is first needed: most tickets never do. A file takes 10 to 100 ms to become a font of one
 * weight, and 100 KB.
 */
const faces = new LRUCache<string, Face, readonly [path: string, weight: Weight]>({
  max: 100,
  fetchMethod: async (key, _stale, { context: [path, weight] }) => {
    const [{ default: subsetFont }, variable] = await Promise.all([import('subset-font'), readFile(path)]);
    const options = {
      targetFormat: 'truetype' as const,
      keepAllGlyphs: true,
      variationAxes: { wght: WEIGHTS[weight] },
    };
    const font = create(await subsetFont(variable, undefined, options)) as Font;
    return { key, font };
  },
});

const codePointsOf = (cluster: string): number[] =>
  Array.from(cluster)
    .filter((character) => !IGNORABLE.test(character))
    .map((character) => character.codePointAt(0)!);

const has = ({ font }: Face, codePoints: readonly number[]): boolean =>
  codePoints.every((codePoint) => font.hasGlyphForCodePoint(codePoint));

/** The font for what a reader takes for one letter of `text`; undefined where no font has all of it. */
export async function faceFor(text: string, cluster: string, weight: Weight): Promise<Face | undefined> {
  const codePoints = codePointsOf(cluster);
  for (const base of [baseFace(weight), baseFace('text')]) if (has(base, codePoints)) return base;
  for (const family of familiesFor(text, cluster)) {
    const slice = slicesOf(family).find(({ ranges }) =>
      codePoints.every((codePoint) => ranges.some(([from, to]) => from <= codePoint && codePoint <= to)),
    );
    if (!slice) continue;
    const face = await faces.fetch(`${slice.path} ${weight}`, { context: [slice.path, weight] });
    if (face && has(face, codePoints)) return face;
  }
  return undefined;
}

/** Part of a cluster that the font can draw: without the marks that it does not know. */
export const drawable = (cluster: string, { font }: Face): string =>
  Array.from(cluster)
    .filter((character) => !IGNORABLE.test(character) || font.hasGlyphForCodePoint(character.codePointAt(0)!))
    .join('');

export const replacement = (weight: Weight): { text: string; face: Face } => ({
  text: '\ufffd',
  face: baseFace(weight),
});

/** The characters of these texts that no font has: tickets show U+FFFD in their place. */
export async function unprintable(texts: Iterable<string>): Promise<string[]> {
  const characters = new Set<string>();
  for (const text of texts) for (const character of text.normalize('NFC')) characters.add(character);
  const missing: string[] = [];
  for (const character of characters)
    if (!(/\s/u.test(character) || (await faceFor(character, character, 'text')))) missing.push(character);
  return missing;
}
