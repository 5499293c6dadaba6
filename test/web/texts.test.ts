import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from '@jest/globals';
import { ERROR_CODES, type ErrorKind } from '../../src/platform/common/error-codes.js';
import type { Json } from '../support/client.js';

// The web app is no part of this program's build; Node reads its TypeScript.
const read = async (language: string): Promise<Json> =>
  (await import(pathToFileURL(resolve(`web/src/i18n/${language}.ts`)).href))[language];

/** `a.b.c` of every text, with the text. */
const flat = (texts: Json, path = ''): [string, string][] =>
  Object.entries<Json>(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`),
  );
const holes = (text: string) =>
  [...text.matchAll(/\{\{(\w+)(?:, number)?\}\}/g)].map(([, name]) => name).sort();

test('both languages have the same texts with the same holes, and each text is used', async () => {
  const [en, de] = [new Map(flat(await read('en'))), new Map(flat(await read('de')))];
  assert.deepEqual([...de.keys()], [...en.keys()]);
  assert.ok(en.size > 200);
  for (const [key, text] of en) assert.deepEqual(holes(de.get(key)!), holes(text), key);
  const sources = globSync('web/src/**/*.{ts,tsx}')
    .filter((path) => !path.includes('i18n'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const unused = [...en.keys()].filter((key) => {
    const name = key.replace(/_(one|other)$/, '');
    const parent = name.slice(0, name.lastIndexOf('.'));
    // Text in a template such as `booking.ended.${reason}.title`.
    const [last, , ...above] = name.split('.').reverse();
    const between = new RegExp(`\`${above.reverse().join('\\.')}\\.\\$\\{\\w+\\}\\.${last}\``);
    return (
      !sources.includes(`'${name}'`) &&
      !sources.includes(`\`${parent}.\${`) &&
      !between.test(sources) &&
      !/^errors\./.test(name)
    );
  });
  assert.deepEqual(unused, []);
});

test('the shop says nothing that is only fetched for desk and operator', async () => {
  const { DESK_AREAS } = await import(pathToFileURL(resolve('web/src/i18n/parts.ts')).href);
  const used = new RegExp(`[\\s(,?:]t\\(\\s*['\`](${DESK_AREAS.join('|')})\\.`);
  const paths = globSync('web/src/**/*.{ts,tsx}').filter((path) => !path.includes('i18n'));
  const speakers = paths.filter((path) => used.test(readFileSync(path, 'utf8')));
  assert.ok(speakers.length > 20);
  assert.deepEqual(
    speakers.filter((path) => !/^web\/src\/(desk|operator)\//.test(path)),
    [],
  );
});

// These come of mistakes in a program, which nobody can do anything about in a page.
const OF_PROGRAMS = new Set<ErrorKind>(
  'malformed method_not_allowed url_too_long headers_too_large unsupported_media precondition_required gone'.split(
    ' ',
  ) as ErrorKind[],
);
const NEVER_SHOWN =
  /^(route_not_found|idempotency_|refresh_token_|not_migrated|unknown_|plan_of_another_venue|too_many_watched|payment_required|not_cancelling|already_checked_in)/;

test('every error that a person can meet has a text', async () => {
  const { errors } = await read('en');
  const missing = Object.entries(ERROR_CODES)
    .filter(([code, [kind]]) => !OF_PROGRAMS.has(kind) && !NEVER_SHOWN.test(code) && !(code in errors))
    .map(([code]) => code);
  assert.deepEqual(missing, []);
});
