import type { Json } from '../support/client.js';
import { FOLDERS, type PostmanStep } from './postman-story.js';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const DESCRIPTION = `The story of Evently in ${Object.values(FOLDERS).flat().length} requests with tests, in order: a shop sells a seat with a key, a machine makes an event, its last
seats go to those who wait, and it is called off. Made by \`npm run docs:postman\`.

Start Evently (\`npm ci && npm start\`), put the password that it prints into the variable \`demoPassword\`, and run the collection as a whole.`;

/** Sent again until something has happened: so often, with such pauses. */
const LOOKS = 50;
const PAUSE_MS = 200;

/** New people and a new event in each run. */
const BEFORE_ALL = [
  "const run = pm.variables.replaceIn('{{$guid}}');",
  "pm.collectionVariables.set('customer', 'C-' + run);",
  "pm.collectionVariables.set('otherEmail', 'other-' + run + '@example.org');",
  "pm.collectionVariables.set('orderKey', run);",
  'const day = 86400000;',
  "pm.collectionVariables.set('startsAt', new Date(Date.now() + 30 * day).toISOString());",
  "pm.collectionVariables.set('endsAt', new Date(Date.now() + 30 * day + 7200000).toISOString());",
];

/** `docs/evently.postman_collection.json`, written by `npm run docs:postman`. @param document OpenAPI, for what requests are about */
export function postmanCollection(document: Json): Json {
  const folders = Object.entries(FOLDERS);
  return {
    info: { name: 'Evently', description: DESCRIPTION, schema: SCHEMA },
    variable: VARIABLES.map(([key, value]) => ({ key, value })),
    item: folders.map(([name, steps], folder) => ({
      name,
      item: steps.map((step, at) => item(document, step, folder === 0 && at === 0)),
    })),
  };
}

/** `docs/evently.postman_environment.json`: what differs between installations. */
export const postmanEnvironment = (): Json => ({
  name: 'Evently on this machine',
  values: VARIABLES.map(([key, value]) => ({ key, value, type: 'default', enabled: true })),
});

const VARIABLES = [
  ['baseUrl', 'http://localhost:8000'],
  ['demoPassword', ''],
] as const;

function item(document: Json, step: PostmanStep, isFirst: boolean): Json {
  const [method, path] = step.route.split(' ') as [string, string];
  const operation = document.paths[`/api/v1${path}`]?.[method.toLowerCase()];
  if (!operation) throw new Error(`There is no ${step.route}`);
  const script = (listen: string, exec: string[]) => ({ listen, script: { type: 'text/javascript', exec } });
  return {
    name: step.name,
    event: [...(isFirst ? [script('prerequest', BEFORE_ALL)] : []), script('test', tests(step))],
    request: {
      method,
      description: [operation.summary, operation.description].filter(Boolean).join('\n\n'),
      auth: step.as
        ? { type: 'bearer', bearer: [{ key: 'token', value: `{{${step.as}}}`, type: 'string' }] }
        : { type: 'noauth' },
      header: Object.entries(step.headers ?? {}).map(([key, value]) => ({ key, value })),
      ...(step.body !== undefined && { body: body(step.body) }),
      url: url(path, step),
    },
  };
}

const body = (value: Json) => ({
  mode: 'raw',
  raw: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  options: { raw: { language: 'json' } },
});

function url(path: string, { params = {}, query = {} }: PostmanStep): Json {
  const steps = path
    .split('/')
    .slice(1)
    .map((part) => part.replace(/^\{(\w+)\}/, (_, name: string) => params[name]!));
  const asked = Object.entries(query).map(([key, value]) => ({ key, value }));
  const search = asked.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}/api/v1/${steps.join('/')}${search && `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: ['api', 'v1', ...steps],
    ...(asked.length > 0 && { query: asked }),
  };
}

function tests({ status, saves = {}, checks = {}, until, route }: PostmanStep): string[] {
  const isJson = !/\.(pdf|ics|png|svg)$/.test(route) && status !== 204;
  const set = Object.entries(saves).map(
    ([name, value]) => `pm.collectionVariables.set('${name}', ${value});`,
  );
  const shown = Object.entries({ ...(until && { 'it has happened': until }), ...checks }).map(
    ([name, check]) => `pm.test(${JSON.stringify(name)}, () => pm.expect(${check}).to.be.true);`,
  );
  const asserted = [
    `pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`,
    "pm.test('names the request', () => pm.response.to.have.header('X-Correlation-Id'));",
    ...set,
    ...shown,
  ];
  const read = isJson ? ['const body = pm.response.json();'] : [];
  if (!until) return [...read, ...asserted];
  return [
    ...read,
    "const looks = Number(pm.collectionVariables.get('looks') ?? 0) + 1;",
    `const again = pm.response.code === ${status} && !(${until}) && looks < ${LOOKS};`,
    "pm.collectionVariables.set('looks', again ? looks : 0);",
    'if (again) {',
    '  pm.execution.setNextRequest(pm.info.requestId);',
    `  setTimeout(() => {}, ${PAUSE_MS});`,
    '} else {',
    ...asserted.map((line) => `  ${line}`),
    '}',
  ];
}
