import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from '@jest/globals';
import { z } from 'zod';
import { ERROR_CODES, type ErrorKind } from '../../src/platform/common/error-codes.js';
import { issueText } from '../../src/platform/common/issue-texts.js';
import type { Json } from '../support/client.js';

// The web app is no part of this program's build; Node reads its TypeScript.
const load = (path: string): Promise<Json> => import(pathToFileURL(resolve(`web/src/${path}.ts`)).href);
const read = async (language: string): Promise<Json> => (await load(`i18n/${language}`))[language];

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

test('the shop says nothing that is only fetched for desk, operator and the security of an account', async () => {
  const { DESK_AREAS } = await import(pathToFileURL(resolve('web/src/i18n/parts.ts')).href);
  const used = new RegExp(`[\\s(,?:]t\\(\\s*['\`](${DESK_AREAS.join('|')})\\.`);
  const paths = globSync('web/src/**/*.{ts,tsx}').filter((path) => !path.includes('i18n'));
  const speakers = paths.filter((path) => used.test(readFileSync(path, 'utf8')));
  assert.ok(speakers.length > 20);
  assert.deepEqual(
    speakers.filter((path) => !/^web\/src\/(desk\/|operator\/|account\/security)/.test(path)),
    [],
  );
});

// These come of mistakes in a program, which nobody can do anything about in a page.
const OF_PROGRAMS = new Set<ErrorKind>(
  'malformed method_not_allowed url_too_long headers_too_large unsupported_media precondition_required gone'.split(
    ' ',
  ) as ErrorKind[],
);
// Keys are sent by programs.
const NEVER_SHOWN =
  /^(route_not_found|idempotency_|refresh_token_|not_migrated|unknown_|plan_of_another_venue|too_many_watched|payment_required|not_cancelling|already_checked_in|key_)/;

test('every error that a person can meet has a text', async () => {
  const { errors } = await read('en');
  const missing = Object.entries(ERROR_CODES)
    .filter(([code, [kind]]) => !OF_PROGRAMS.has(kind) && !NEVER_SHOWN.test(code) && !(code in errors))
    .map(([code]) => code);
  assert.deepEqual(missing, []);
});

/** Messages about fields that stand in the sources of these rules; holes of templates get a number. */
const messagesIn = (path: string): string[] =>
  [
    ...readFileSync(path, 'utf8').matchAll(
      /(['`])((?:must|is|has|have|cannot|names|the plan has|"\$\{)[^'`\n]* [^'`\n]*)\1/g,
    ),
  ].map(([, , message]) => message!.replace(/\$\{[^}]*\}/g, '7'));

test('every message about a field of a form has a text', async () => {
  const { fieldFaultOf } = await load('ui/field-faults');
  const [en, de] = [(await read('en')).faults, (await read('de')).faults];
  const sources = [
    'events/event.rules',
    'events/events.schemas',
    'events/refund-policy.schemas',
    'auth/tokens/password.rules',
    'platform/common/schemas',
    'venues/venues.schemas',
    'platform/common/address.rules',
    'waitlist/waitlist.schemas',
  ];
  const messages = sources.flatMap((source) => {
    const found = messagesIn(`src/${source}.ts`);
    assert.ok(found.length > 0, source);
    return found;
  });
  // Not of a field that has a place in a form.
  const OF_PROGRAMS = ['must be for exactly one category or area', 'must change at least one field'];
  const untold = messages.filter((message) => {
    const key = fieldFaultOf(message)?.key;
    return !OF_PROGRAMS.includes(message) && (!en[key] || !de[key] || key === 'wrong');
  });
  assert.deepEqual(untold, []);
});

test('every message that a schema makes by itself has a text, with its numbers', async () => {
  const { fieldFaultOf } = await load('ui/field-faults');
  const told = (schema: z.ZodType, value: unknown) => {
    const { error } = schema.safeParse(value, { error: issueText });
    const { key, values } = fieldFaultOf(error!.issues[0]!.message);
    return [key, ...Object.values(values)];
  };
  assert.deepEqual(told(z.string(), undefined), ['missing']);
  assert.deepEqual(told(z.string().min(12), 'short'), ['tooShort', '12']);
  assert.deepEqual(told(z.string().max(3), 'long'), ['tooLong', '3']);
  assert.deepEqual(told(z.array(z.int()).min(1), []), ['missing']);
  assert.deepEqual(told(z.array(z.int()).min(2), [1]), ['tooFew', '2']);
  assert.deepEqual(told(z.array(z.int()).max(1), [1, 2]), ['tooMany', '1']);
  assert.deepEqual(told(z.int().min(30), 2), ['tooSmall', '30']);
  assert.deepEqual(told(z.int().max(7200), 9999), ['tooBig', '7200']);
  assert.deepEqual(told(z.number().positive(), 0), ['more', '0']);
  assert.deepEqual(told(z.number().lt(5), 5), ['less', '5']);
  assert.deepEqual(told(z.number().multipleOf(5), 4), ['step', '5']);
  assert.deepEqual(told(z.int(), 1.5), ['whole']);
  assert.deepEqual(told(z.number(), 'x'), ['number']);
  assert.deepEqual(told(z.url(), 'x'), ['url']);
  assert.deepEqual(told(z.iso.date(), 'x'), ['date']);
  assert.deepEqual(told(z.iso.datetime(), 'x'), ['date']);
  assert.deepEqual(told(z.enum(['a', 'b']), 'c'), ['choice']);
  assert.deepEqual(told(z.uuid(), 'x'), ['wrong']);
  assert.equal(fieldFaultOf('rhymes with orange'), undefined);
});

test('problems of a plan are sentences with the place in the hall, in both languages', async () => {
  const { planProblem } = await load('desk/venues/plan-problems');
  const plan = { zones: [{ name: 'A', rows: [{ row_number: '1', seats: [{ seat_number: '' }, {}] }] }, {}] };
  const sentences = async (language: string) => {
    const texts = new Map(flat(await read(language)));
    const t = (key: string, values: Json) =>
      texts.get(key)!.replace(/\{\{(\w+)(, number)?\}\}/g, (_, name) => String(values[name]));
    const say = (path: string, message: string) =>
      planProblem(t, plan, { path, message }, (text: string) => `<${text}>`);
    return [
      say('plan.zones.0.rows.0.seats.0.seat_guid', 'is missing'),
      say('plan.zones.0.rows.0.seats.1.category', 'is not a category of this plan: "X"'),
      say(
        'plan.zones.1.rows.2.seats.0.seat_guid',
        'repeats the seat "k" of plan.zones.0.rows.0.seats.0.seat_guid',
      ),
      say('plan.zones.0.rows.0.position.x', 'must be a number'),
      say('areas.1.name', 'is also the name of a category'),
      say('accessible.4', 'is not a seat_guid of this plan: "k"'),
      say('plan.zones', 'has no seat, and there is no general-admission area'),
      say('plan', 'is nested deeper than 32 levels'),
    ];
  };
  assert.deepEqual(await sentences('en'), [
    'Seat 1 in row 1 of A has no id.',
    'Seat 2 in row 1 of A: the plan has no category “X”.',
    'Seat 1 in row 3 of Block 2: “k” stands at another place already: Seat 1 in row 1 of A.',
    'Row 1 of A: position: <must be a number>',
    'Area 2: a category has the same name.',
    'Wheelchair place 5 of the list: the plan has no seat with the id “k”.',
    'The plan: it has no seats and no areas.',
    'The plan: <is nested deeper than 32 levels>',
  ]);
  assert.deepEqual((await sentences('de')).slice(0, 3), [
    'Platz 1 in Reihe 1 von A: Kennung fehlt.',
    'Platz 2 in Reihe 1 von A: Der Plan hat keine Kategorie „X“.',
    'Platz 1 in Reihe 3 von Block 2: „k“ steht schon an anderer Stelle: Platz 1 in Reihe 1 von A.',
  ]);
});
