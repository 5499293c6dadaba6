import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from '@jest/globals';

const DANGLING = /^(Of|Those|Whoever|Whatever|What|Whom|Whose)\b/;
const CODE = ['src', 'web/src', 'test', 'bench', 'drill'].map((root) => `${root}/**/*.{ts,tsx}`);
const PROSE = ['README.md', 'CONTRIBUTING.md', 'docs/**/*.md'];
const COMMENT = /^\s*(?:\/\*\*?|\*(?!\/)|\/\/)\s?(.*?)(?:\s*\*\/)?$/;

/** Sentences that begin with a word whose noun is missing; questions may. */
const danglingIn = (paragraph: string): string[] =>
  paragraph
    .replace(/`[^`]*`/g, 'x')
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.:!?]) /)
    .filter((sentence) => DANGLING.test(sentence) && !sentence.endsWith('?'));

const commentsOf = (source: string): string[] =>
  source
    .split('\n')
    .map((line) => COMMENT.exec(line)?.[1] ?? '')
    .join('\n')
    .split(/\n\s*\n/);

/** Headings, tables and emphasized labels are titles, not sentences. */
const paragraphsOf = (markdown: string): string[] =>
  markdown
    .replace(/^ *```.*?^ *```/gms, '')
    .replace(/^(#|\|).*$/gm, '')
    .replace(/(\*{1,2})[^*]+\1/g, 'x.')
    .split(/\n\s*\n|^\s*(?:[-*>]|\d+\.)\s+/m);

const faults = (patterns: string[], read: (text: string) => string[]): string[] =>
  globSync(patterns, { exclude: ['**/node_modules', '**/*.gen.ts'] }).flatMap((file) =>
    read(readFileSync(file, 'utf8')).flatMap((text) =>
      danglingIn(text).map((sentence) => `${file}: ${sentence}`),
    ),
  );

describe('a sentence begins with its subject', () => {
  test('in comments', () => {
    assert.deepEqual(faults(CODE, commentsOf), []);
  });

  test('in documents', () => {
    assert.deepEqual(faults(PROSE, paragraphsOf), []);
  });

  test('and one that does not is found', () => {
    assert.deepEqual(
      commentsOf('/** What it costs. */\nconst a = 1;\n  // Kept. Those are\n  // late.').flatMap(danglingIn),
      ['What it costs.', 'Those are late.'],
    );
    assert.deepEqual(
      paragraphsOf('## What it is\n\n- `What` is code. Whoever asks?\n- Of all.').flatMap(danglingIn),
      ['Of all.'],
    );
  });
});
