import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { recordedCalls } from '../../../src/operations/docs/examples.js';
import { environment } from '../../../src/platform/config/environment.js';
import { readTables } from '../../documents/catalog.js';
import { erDocument } from '../../documents/er.js';
import { NOT_PLAYED } from '../../documents/examples.js';
import { postmanCollection, postmanEnvironment } from '../../documents/postman.js';
import { METHODS } from '../../documents/recorder.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { fromTools } from '../../support/tools-package.js';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs'), ...markdownIn('docs/decisions')];

function markdownIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Settings of the process that docs/SETTINGS.md does not list: of Node, and for tests against a stand-in. */
const UNSAID = ['NODE_ENV', 'STRIPE_API_BASE'];
/** Variables that scripts, proxies and the story of the guide read instead of the process. */
const OUTSIDE = ['EVENTLY_TEST_INSTALL', 'EVENTLY_PORT', 'EVENTLY_LISTEN', 'EVENTLY_URL', 'EVENTLY_KEY'];

interface Mermaid {
  default: { parse: (diagram: string) => Promise<unknown> };
}

const read = (path: string) => readFileSync(path, 'utf8');

describe('documents', () => {
  let app: TestApp;
  let document: Json;

  beforeAll(async () => {
    app = await startApp();
    document = (await app.client().get('//openapi.json')).body;
  });
  afterAll(() => app.close());

  test('every diagram can be read by Mermaid', async () => {
    // Mermaid cleans its labels with a library that wants a browser's window.
    const { JSDOM } = await fromTools<Json>('jsdom');
    Object.assign(globalThis, { window: new JSDOM('').window });
    const { default: mermaid } = await fromTools<Mermaid>('mermaid');
    let diagrams = 0;
    for (const path of DOCUMENTS)
      for (const [, text] of read(path).matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
        diagrams++;
        await mermaid.parse(text!).catch((error) => assert.fail(`${path}: ${error.message}\n${text}`));
      }
    assert.ok(diagrams > 15, `${diagrams} diagrams`);
    await assert.rejects(mermaid.parse('flowchart TB\n  a -->'));
    Reflect.deleteProperty(globalThis, 'window');
  });

  test('every link between documents leads to a file', () => {
    const dead = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) => join(dirname(path), target!))
        .filter((target) => !existsSync(target))
        .map((target) => `${path}: ${target}`),
    );
    assert.deepEqual(dead, []);
  });

  test('docs/SETTINGS.md names every setting, and each with its default', () => {
    const [, table] = /# Settings\n([\s\S]+?)\n## /.exec(read('docs/SETTINGS.md'))!;
    const rows = [...table!.matchAll(/^\| (`[^|]+`) \| ([^|]*) \|/gm)].map(([, names, defaults]) => ({
      names: [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
      defaults: defaults!.split(', '),
    }));
    const named = rows.flatMap(({ names }) => names);
    const known = Object.keys(environment.shape).filter((name) => !UNSAID.includes(name));
    assert.deepEqual(named.toSorted(), known.toSorted());
    const values = environment.parse({}) as Record<string, unknown>;
    const wrong = rows.flatMap(({ names, defaults }) =>
      names.flatMap((name, i) => {
        const [, literal] = /^`([^`]+)`/.exec(defaults[i] ?? '') ?? [];
        if (literal === undefined || values[name] === undefined) return [];
        const said = (environment.parse({ [name]: literal }) as Record<string, unknown>)[name];
        return isDeepStrictEqual(said, values[name]) ? [] : [`${name}: ${literal}`];
      }),
    );
    assert.deepEqual(wrong, []);
  });

  test('documents name only settings and commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const invented = DOCUMENTS.flatMap((path) => {
      const text = read(path);
      const settings = [...text.matchAll(/\bEVENTLY_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
      const commands = [...text.matchAll(/npm run ([a-z:-]+[a-z])/g)].map(([, name]) => name!);
      return [
        ...settings.filter((name) => !(name in environment.shape) && !OUTSIDE.includes(name)),
        ...commands.filter((name) => !(name in scripts)),
      ].map((name) => `${path}: ${name}`);
    });
    assert.deepEqual(invented, []);
  });

  test('every figure in docs/ARCHITECTURE.md stands in the document it is taken from', () => {
    const invented: string[] = [];
    let figures = 0;
    let source = '';
    for (const [, figure, cited] of read('docs/ARCHITECTURE.md').matchAll(
      /^\|[^|]+\|([^|]+)\|([^|]+)\|$/gm,
    )) {
      const named = /\]\(([^)]+)\)/.exec(cited!)?.[1];
      if (!named && cited!.trim() !== 'the same') continue;
      source = named ?? source;
      for (const [number] of figure!.matchAll(/\d[\d,.]*\d/g)) {
        figures++;
        if (!read(join('docs', source)).includes(number)) invented.push(`${source}: ${number}`);
      }
    }
    assert.deepEqual(invented, []);
    assert.ok(figures > 30, `${figures} figures`);
  });

  test('docs/ER.md is that of the schema', async () => {
    assert.equal(read('docs/ER.md'), erDocument(await readTables(app.db as Json)), 'run npm run docs:er');
  });

  test('the Postman files are those of the story and of the routes', () => {
    const file = (name: string) => JSON.parse(read(`docs/evently.postman_${name}.json`));
    assert.deepEqual(file('collection'), postmanCollection(document), 'run npm run docs:postman');
    assert.deepEqual(file('environment'), postmanEnvironment(), 'run npm run docs:postman');
  });

  test('every route has a recorded request and a recorded answer', () => {
    const recorded = recordedCalls();
    const missing: string[] = [];
    const ids = new Set<string>();
    for (const item of Object.values<Json>(document.paths))
      for (const method of METHODS) {
        const operation = item[method];
        if (!operation) continue;
        const { operationId, requestBody, responses } = operation;
        ids.add(operationId);
        if (operationId in NOT_PLAYED) continue;
        const good = (recorded[operationId] ?? []).filter(({ status }) => status < 300);
        if (good.length === 0) missing.push(`${operationId}: no call`);
        if (requestBody?.content['application/json'] && !good.some(({ request }) => request !== undefined))
          missing.push(`${operationId}: no request`);
        const answersJson = Object.entries<Json>(responses).some(
          ([status, { content }]) => /^2/.test(status) && content?.['application/json'],
        );
        if (answersJson && !good.some(({ answer }) => answer !== undefined))
          missing.push(`${operationId}: no answer`);
      }
    const stale = Object.keys({ ...recorded, ...NOT_PLAYED }).filter((id) => !ids.has(id));
    assert.deepEqual([...missing, ...stale], [], 'run npm run docs:examples');
    // The main refusals of a sale as well.
    const codes = Object.values(recorded).flatMap((calls) => calls.map(({ name }) => name));
    for (const code of ['seats_taken', 'area_full', 'payment_declined', 'version_mismatch', 'feed_gone'])
      assert.ok(codes.includes(code), code);
  });

  test('/asyncapi is a page of this server about every message of the sockets', async () => {
    const page = await app.client().get('//asyncapi');
    assert.equal(page.status, 200);
    assert.match(page.headers['content-security-policy']!, /default-src 'none'; script-src 'self'/);
    const contract = (await app.client().get('//asyncapi.json')).body;
    for (const name of Object.keys(contract.operations))
      assert.ok(page.body.includes(`<h3 id="${name}">`), name);
    for (const [, target] of page.body.matchAll(/href="#([^"]+)"/g))
      assert.ok(page.body.includes(`id="${target}"`), target);
    assert.doesNotMatch(page.body, /<script|\son\w+=|\[object|undefined/);
  });
});
