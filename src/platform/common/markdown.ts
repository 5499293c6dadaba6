import { micromark } from 'micromark';
import { asHtml } from './html.js';

/** A text that people have written in Markdown, made safe. */
export interface Prose {
  /** CommonMark without pictures; HTML of the writer is shown as it was typed, and links lead to web and mail addresses only. */
  readonly html: string;
  /** On one line, without any mark. */
  readonly text: string;
}

/** Levels that headings go down: above them a page has its title and the name of the section. */
const DEMOTED_BY = 2;
const LOWEST_HEADING = 6;

/** No pictures, and lines that begin with spaces are no code: people indent. */
const OPTIONS = { extensions: [{ disable: { null: ['labelStartImage', 'codeIndented'] } }] };

/**
 * Signs that mean something in Markdown. Reading takes time by the square of their number: 10,000 of them, as nobody writes
 * them, up to three seconds; 1,000 some hundredths.
 */
const SIGNS = /[*_[\]<>`~&\\#+-]|\d[.)]|\n/g;
const MOST_SIGNS = 1_000;

/** Reads Markdown. A text with more signs than a person would use is shown as it is, in paragraphs. */
export function proseOf(markdown: string): Prose {
  if ((markdown.match(SIGNS)?.length ?? 0) > MOST_SIGNS)
    return { html: paragraphsOf(markdown), text: onOneLine(markdown) };
  const html = safe(micromark(markdown, OPTIONS));
  return { html, text: textOf(html) };
}

/** All of `<` and `"` that is not of the compiler's own tags is escaped at this point, so that tags can be found by their form. */
const safe = (html: string): string =>
  html
    .replace(/<(\/?)h([1-6])>/g, (_, end: string, level: string) => {
      const lower = Math.min(LOWEST_HEADING, Number(level) + DEMOTED_BY);
      return `<${end}h${lower}>`;
    })
    // A link to a script has lost its address.
    .replace(/<a href=""[^>]*>([\s\S]*?)<\/a>/g, '$1')
    .replaceAll('<a href=', '<a rel="nofollow ugc noopener" href=');

const paragraphsOf = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${asHtml(paragraph)}</p>`)
    .join('\n');

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
};

const textOf = (html: string): string =>
  onOneLine(
    html
      .replace(/<(?:\/(?:p|h\d|li|blockquote|pre)|br \/|hr \/)>/g, ' ')
      .replace(/<[^>]*>/g, '')
      .replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity]!),
  );

const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
