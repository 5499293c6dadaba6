import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Json } from './support/client.js';

// The web app is no part of this program's build; Node reads its TypeScript.
const read = async (language: string): Promise<Json> =>
  (await import(pathToFileURL(resolve(`web/src/i18n/${language}.ts`)).href))[language];

/** `a.b.c` of every text, with the text. */
const flat = (texts: Json, path = ''): [string, string][] =>
  Object.entries<Json>(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`),
  );
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

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
    return !sources.includes(`'${name}'`) && !sources.includes(`\`${parent}.\${`) && !/^errors\./.test(name);
  });
  assert.deepEqual(unused, []);
});
