import bidiModule from 'bidi-js';
import { LRUCache } from 'lru-cache';
import { NO_BREAK_SPACE } from '../../platform/common/places.js';
import { drawable, type Face, faceFor, replacement, type Weight } from '../../platform/common/print-fonts.js';

/** Characters that are read as one letter, in the font that has them. */
interface Cluster {
  readonly text: string;
  readonly face: Face;
  /** Level in the bidirectional algorithm: odd levels run from right to left. */
  readonly level: number;
  /** A line may begin here. */
  readonly opens: boolean;
}

/**
 * Part that stays on one line, with its widths at size 1: in full, without the space at its end, and letter by letter.
 */
interface Word {
  readonly clusters: readonly Cluster[];
  readonly width: number;
  readonly ink: number;
  readonly letters: readonly number[];
}

/** A line of text in the fonts it takes. */
export interface Prepared {
  readonly weight: Weight;
  readonly clusters: readonly Cluster[];
  /** Words, measured once: measuring a long title again for each possible size takes seconds. */
  readonly words: readonly Word[];
  /** Characters that no font has; they are shown as U+FFFD. */
  readonly missing: readonly string[];
}

/** A text whose fonts are known. */
export type Texts = (text: string, weight: Weight) => Prepared;

export interface Box {
  readonly x: number;
  readonly width: number;
  /** Sizes, from the one wanted down to the smallest that can still be read. */
  readonly size: number;
  readonly smallest: number;
  readonly lines: number;
  readonly align?: 'center';
}

// The types claim a default export, but the module itself is the function.
const bidi = (bidiModule as unknown as typeof bidiModule.default)();
const letters = new Intl.Segmenter('und', { granularity: 'grapheme' });
const words = new Intl.Segmenter('und', { granularity: 'word' });
/** Scripts that write without spaces: lines break between any two words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Scripts whose glyphs stand in another order than their letters: the PDF tells readers which text they stand for. */
const REORDERED = /\p{Script=Devanagari}/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
const SPACE = /^\s+$/u;
const LINE_HEIGHT = 1.2;
/** Ascent of the base font, as a share of the size; all fonts stand on one base line. */
const ASCENT = 0.93;

/** Finds the fonts of a text. */
export async function prepare(written: string, weight: Weight): Promise<Prepared> {
  const text = written
    .normalize('NFC')
    .replace(/[^\S\u00a0]+/gu, ' ')
    .trim();
  const missing = new Set<string>();
  const parts: { text: string; face: Face; opens: boolean }[] = [];
  const breaks = breaksOf(text);
  for (const { segment, index } of letters.segment(text)) {
    const opens = breaks.has(index);
    const face = await faceFor(text, segment, weight);
    if (face) {
      parts.push({ text: drawable(segment, face), face, opens });
      continue;
    }
    // A family of emoji or letters with foreign marks: one after the other.
    for (const character of segment) {
      const alone = await faceFor(text, character, weight);
      if (alone) parts.push({ text: drawable(character, alone), face: alone, opens });
      else {
        missing.add(character);
        parts.push({ ...replacement(weight), opens });
      }
    }
  }
  const clusters = withLevels(parts.filter((part) => part.text !== ''));
  return { weight, clusters, words: wordsOf(clusters), missing: [...missing] };
}

function wordsOf(clusters: readonly Cluster[]): Word[] {
  const groups: Cluster[][] = [];
  for (const cluster of clusters) {
    if (cluster.opens || groups.length === 0) groups.push([]);
    groups.at(-1)!.push(cluster);
  }
  return groups.map((group) => {
    const letters = group.map((cluster) => widthOfRun(cluster, 1));
    const spaces = group.reduce((sum, { text }, i) => (SPACE.test(text) ? sum + letters[i]! : sum), 0);
    const ink = widthOf(group, 1);
    return { clusters: group, width: ink + spaces, ink, letters };
  });
}

function withLevels(parts: readonly Omit<Cluster, 'level'>[]): Cluster[] {
  const { levels } = bidi.getEmbeddingLevels(parts.map(({ text }) => text).join(''), 'auto');
  let at = 0;
  return parts.map((part) => {
    const level = levels[at]!;
    at += part.text.length;
    return { ...part, level };
  });
}

/** Where a line may begin: after spaces, and between words that are written without. */
function breaksOf(text: string): Set<number> {
  const breaks = new Set<number>();
  let before = '';
  for (const { segment, index } of words.segment(text)) {
    if (
      (SPACE.test(before) && before !== NO_BREAK_SPACE) ||
      (UNSPACED.test(before) && UNSPACED.test(segment))
    )
      breaks.add(index);
    before = segment;
  }
  return breaks;
}

/** Writes a text into a box: smaller if it must, with an ellipsis if even that is not enough. @returns where it ends */
export function write(pdf: PDFKit.PDFDocument, prepared: Prepared, top: number, box: Box): number {
  const { size, lines } = fit(prepared, box);
  let y = top;
  for (const line of lines) {
    const left = box.align === 'center' ? box.x + (box.width - widthOf(line, size)) / 2 : box.x;
    drawLine(pdf, line, left, y + ASCENT * size, size);
    y += LINE_HEIGHT * size;
  }
  return y;
}

function fit({ words: all, weight }: Prepared, box: Box): { size: number; lines: Cluster[][] } {
  for (let size = box.size; size > box.smallest; size *= 0.9) {
    const { lines, broken } = wrap(all, box.width / size);
    if (!broken && lines.length <= box.lines) return { size, lines };
  }
  const size = box.smallest;
  const { lines } = wrap(all, box.width / size);
  if (lines.length <= box.lines) return { size, lines };
  const last = lines[box.lines - 1]!;
  const dots: Cluster = { ...replacement(weight), text: '…', level: last[0]!.level, opens: false };
  while (last.length > 1 && widthOf([...last, dots], size) > box.width) last.pop();
  return { size, lines: [...lines.slice(0, box.lines - 1), [...last, dots]] };
}

/** Lines no wider than `width`, of text of size 1. `broken`: a word was wider than that and is cut. */
function wrap(all: readonly Word[], width: number) {
  const lines: Cluster[][] = [];
  let broken = false;
  let used = Number.POSITIVE_INFINITY;
  const add = (clusters: readonly Cluster[], taken: number, ink: number) => {
    if (used + ink > width) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(...clusters);
    used += taken;
  };
  for (const word of all) {
    if (word.ink <= width) add(word.clusters, word.width, word.ink);
    else {
      broken = true;
      word.clusters.forEach((cluster, i) => add([cluster], word.letters[i]!, word.letters[i]!));
    }
  }
  return { lines, broken };
}

interface Run {
  readonly text: string;
  readonly face: Face;
  readonly level: number;
}

/** Stretches of one font and direction, without the spaces at the end of a line. */
function runsOf(line: readonly Cluster[]): Run[] {
  const end = line.findLastIndex(({ text }) => !SPACE.test(text)) + 1;
  const runs: { clusters: string[]; face: Face; level: number }[] = [];
  for (const { text, face, level } of line.slice(0, end)) {
    const last = runs.at(-1);
    if (last && last.face.key === face.key && last.level === level) last.clusters.push(text);
    else runs.push({ clusters: [text], face, level });
  }
  return runs.map(({ clusters, face, level }) => ({ text: textOf(clusters, level), face, level }));
}

/** Letters as the font wants them: it turns those of Hebrew and Arabic around itself, but nothing between them. */
function textOf(clusters: readonly string[], level: number): string {
  if (level % 2 === 0) return clusters.join('');
  const mirrored = clusters.map((cluster) => bidi.getMirroredCharacter(cluster) ?? cluster);
  return (RIGHT_TO_LEFT.test(clusters.join('')) ? mirrored : mirrored.toReversed()).join('');
}

/** At size 1. The tickets of an evening say much the same, and shaping a text to measure it is half of the work. */
const widths = new LRUCache<string, number, Pick<Run, 'text' | 'face'>>({
  max: 20_000,
  memoMethod: (_key, _stale, { context: { text, face } }) =>
    face.font.layout(text).advanceWidth / face.font.unitsPerEm,
});

const widthOfRun = (run: Pick<Run, 'text' | 'face'>, size: number): number =>
  widths.memo(`${run.face.key} ${run.text}`, { context: run }) * size;

const widthOf = (line: readonly Cluster[], size: number): number =>
  runsOf(line).reduce((sum, run) => sum + widthOfRun(run, size), 0);

function drawLine(
  pdf: PDFKit.PDFDocument,
  line: readonly Cluster[],
  left: number,
  baseline: number,
  size: number,
) {
  let x = left;
  for (const run of inVisualOrder(runsOf(line))) {
    pdf.registerFont(run.face.key, run.face.font as unknown as Buffer);
    pdf.font(run.face.key).fontSize(size);
    const marked = REORDERED.test(run.text);
    if (marked) pdf.markContent('Span', { actual: run.text });
    // With features, even none, the library sets a run as a whole; otherwise word by word, from left to right.
    pdf.text(run.text, x, baseline, { lineBreak: false, features: [], baseline: 'alphabetic' });
    if (marked) pdf.endMarkedContent();
    x += widthOfRun(run, size);
  }
}

/** Rule L2 of the bidirectional algorithm: from the highest level down, turn around what is at least that high. */
function inVisualOrder(runs: readonly Run[]): Run[] {
  const order = [...runs];
  for (let level = Math.max(0, ...order.map((run) => run.level)); level > 0; level--)
    for (let from = 0; from < order.length; from++) {
      let to = from;
      while (to < order.length && order[to]!.level >= level) to++;
      order.splice(from, to - from, ...order.slice(from, to).toReversed());
      from = to;
    }
  return order;
}
