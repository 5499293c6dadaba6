import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { errorTableMarkdown } from '../../../src/operations/docs/error-table.js';
import { ERROR_CODES } from '../../../src/platform/common/error-codes.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client, Json } from '../../support/client.js';
import { fromTools } from '../../support/tools-package.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const ROUTE_ARGS = '__routeArguments__';

interface Found {
  name: string;
  operation: Json;
}

describe('the documentation of the API', () => {
  let app: TestApp;
  let client: Client;
  let document: Json;
  let operations: Found[];
  const ajv = new Ajv({ strict: false, allErrors: true });
  const checks = new Map<string, ValidateFunction>();

  beforeAll(async () => {
    app = await startApp();
    client = app.client();
    document = (await client.get('//openapi.json')).body;
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'document', components: asJsonSchema(document.components) });
    operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation: item[method],
      })),
    );
  });
  afterAll(() => app.close());

  const resolve = (node: Json): Json =>
    node?.$ref
      ? node.$ref
          .split('/')
          .slice(1)
          .reduce((at: Json, key: string) => at[key], document)
      : node;
  const withoutFault = (faulty: string[]) => assert.deepEqual(faulty, []);

  test('is valid OpenAPI', async () => {
    const { Validator } = await fromTools<Json>('@seriousme/openapi-schema-validator');
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors, null, 1));
    assert.ok(operations.length > 30, `${operations.length} operations`);
  });

  test('every operation has a summary, a tag and an id of its own', () => {
    withoutFault(
      operations
        .filter(({ operation }) => !operation.summary || operation.tags?.length !== 1)
        .map(({ name }) => name),
    );
    assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
    withoutFault(document.tags.filter((tag: Json) => !tag.description).map((tag: Json) => tag.name));
  });

  test('groups stand in the order of a sale, those for administrators last', () => {
    const names = document.tags.map((tag: Json) => tag.name);
    assert.deepEqual(names.slice(0, 5), ['auth', 'events', 'seats', 'bookings', 'tickets']);
    assert.equal(names.at(-1), 'admin');
  });

  test('no route reads a body, query or path parameter without a schema that checks it', () => {
    const scanner = new MetadataScanner();
    const checked = new Set([RouteParamtypes.BODY, RouteParamtypes.QUERY, RouteParamtypes.PARAM]);
    const unchecked: string[] = [];
    let seen = 0;
    for (const { metatype } of app.nest.get(DiscoveryService, { strict: false }).getControllers())
      for (const method of scanner.getAllMethodNames(metatype!.prototype))
        for (const [key, { schema }] of Object.entries<Json>(
          Reflect.getMetadata(ROUTE_ARGS, metatype!, method) ?? {},
        )) {
          if (!checked.has(Number(key.split(':')[0]))) continue;
          seen++;
          if (!schema) unchecked.push(`${metatype!.name}.${method}`);
        }
    withoutFault(unchecked);
    assert.ok(seen > 30, `${seen} arguments`);
  });

  test('every success is documented, with a schema and an example that fits it', () => {
    const faults: string[] = [];
    for (const { name, operation } of operations) {
      const successes = Object.entries<Json>(operation.responses).filter(([status]) => /^2/.test(status));
      if (successes.length === 0) faults.push(`${name}: no success`);
      for (const [status, response] of successes) {
        const media = Object.entries<Json>(response.content ?? {});
        if (status === '204' || (status === '202' && media.length === 0)) continue;
        if (media.length === 0) faults.push(`${name} ${status}: no content`);
        for (const [type, content] of media)
          if (/json/.test(type)) faults.push(...unfit(`${name} ${status}`, content));
      }
    }
    withoutFault(faults);
  });

  test('every body has a schema and an example that fits it', () => {
    withoutFault(
      operations
        .filter(({ operation }) => operation.requestBody)
        .flatMap(({ name, operation }) => {
          const { content: bodies } = operation.requestBody;
          if (Object.keys(bodies).every((type) => type.startsWith('image/'))) return [];
          const content = bodies['application/json'];
          return content ? unfit(`${name} body`, content) : [`${name}: body is not JSON`];
        }),
    );
  });

  test('every operation documents its errors as problems, with examples that fit', () => {
    const faults: string[] = [];
    for (const { name, operation } of operations) {
      const errors = Object.entries<Json>(operation.responses).filter(([status]) => /^[45]/.test(status));
      const statuses = errors.map(([status]) => status);
      if (!statuses.some((status) => status.startsWith('4'))) faults.push(`${name}: no 4xx`);
      if (operation.requestBody && !statuses.includes('422')) faults.push(`${name}: no 422`);
      for (const [status, response] of errors) {
        const content = resolve(response).content?.['application/problem+json'];
        if (!content) faults.push(`${name} ${status}: not a problem`);
        else faults.push(...unfit(`${name} ${status}`, content));
      }
    }
    withoutFault(faults);
  });

  test('public routes and no others can be called without a token', async () => {
    const wrong: string[] = [];
    for (const { name, operation } of operations) {
      const [method, path] = name.split(' ') as [string, string];
      const url = path.replaceAll(/\{\w+\}/g, '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47');
      const { status } = await client.send(method, `/${url}`, method === 'GET' ? undefined : {});
      const isOpen =
        operation.security.every((scheme: Json) => !scheme.bearer) || operation.security.length > 1;
      if (!isOpen && status !== 401) wrong.push(`${name}: ${status} without a token`);
      if (isOpen && status === 403) wrong.push(`${name}: ${status} though public`);
    }
    withoutFault(wrong);
  });

  test('the pages load nothing from elsewhere and everything they load is there', async () => {
    for (const path of ['/docs', '/redoc']) {
      const page = await client.get(`/${path}`);
      assert.equal(page.status, 200);
      assert.match(page.headers['content-type']!, /^text\/html/);
      assert.match(page.headers['content-security-policy']!, /default-src 'none'; script-src 'self'/);
      const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link as string);
      assert.ok(links.length > 1);
      for (const link of links) {
        assert.match(link, /^\/[^/]/);
        assert.equal((await client.get(`/${link}`)).status, 200, link);
      }
      assert.doesNotMatch(page.body, /<script>|\son\w+=/);
    }
    assert.equal((await client.get('//docs/swagger-ui/package.json')).status, 404);
    const first = await client.get('//openapi.json');
    assert.equal((await client.get('//openapi.json', { 'if-none-match': first.headers.etag! })).status, 304);
  });

  test('the table of error codes is complete, linked by problems and up to date in docs/ERRORS.md', async () => {
    const page = await client.get('//docs/errors');
    for (const code of Object.keys(ERROR_CODES)) assert.ok(page.body.includes(`<tr id="${code}">`), code);
    const { body } = await client.get('/no/such/route');
    assert.equal(body.type, '/docs/errors#route_not_found');
    assert.equal(readFileSync('docs/ERRORS.md', 'utf8'), errorTableMarkdown(), 'run npm run docs:errors');
  });

  /** Compiled once for each schema: nearly all errors share one. */
  function checkOf(schema: Json): ValidateFunction {
    const text = JSON.stringify(asJsonSchema(schema)).replaceAll('"#/components', '"document#/components');
    const check = checks.get(text) ?? ajv.compile(JSON.parse(text));
    checks.set(text, check);
    return check;
  }

  /** Faults in the schema or the examples of a content. */
  function unfit(name: string, content: Json): string[] {
    const schema = resolve(content.schema);
    if (!schema || Object.keys(schema).length === 0) return [`${name}: no schema`];
    const examples: [string, Json][] = content.examples
      ? Object.entries<Json>(content.examples).map(([key, { value }]) => [`${name} ${key}`, value])
      : [[name, content.example ?? schema.example ?? schema.examples?.[0]]];
    const check = checkOf(content.schema);
    return examples.flatMap(([which, example]) => {
      if (example === undefined) return [`${which}: no example`];
      return check(example) ? [] : [`${which}: ${ajv.errorsText(check.errors)}`];
    });
  }
});

/** OpenAPI 3.0 says `nullable` where JSON Schema says `null`. */
function asJsonSchema(node: Json): Json {
  if (Array.isArray(node)) return node.map(asJsonSchema);
  if (!node || typeof node !== 'object') return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'example' || key === 'examples' || key === 'enum' ? value : asJsonSchema(value),
    ]),
  );
  return nullable ? { anyOf: [rest, { type: 'null' }] } : rest;
}
