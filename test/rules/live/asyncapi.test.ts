import assert from 'node:assert/strict';
import { test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApi } from '../../../src/live/asyncapi.js';
import type { Json } from '../../support/client.js';
import { fromTools } from '../../support/tools-package.js';

const validator = () => {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
  addFormats.default(ajv);
  return ajv;
};
const document: Json = JSON.parse(JSON.stringify(asyncApi('https://tickets.example.org')));

test('the contract of the sockets is AsyncAPI 3.1', async () => {
  const { default: specs } = await fromTools<Json>('@asyncapi/specs');
  const valid = validator().compile(specs.schemasWithoutId['3.1.0']);
  // Said to be boolean, lest the check narrow the type of the document.
  const asExpected: boolean = valid(document);
  assert.ok(asExpected, JSON.stringify(valid.errors?.slice(0, 5)));
  assert.equal(document.servers.here.protocol, 'wss');
});

test('every reference leads somewhere, and every message has an operation and a valid example', () => {
  const seen = new Set<string>();
  JSON.stringify(document, (key, value) => {
    if (key === '$ref') seen.add(value);
    return value;
  });
  for (const ref of seen) {
    const target = ref
      .slice(2)
      .split('/')
      .reduce((at: Json, step) => at?.[step], document);
    assert.ok(ref.startsWith('#/') && target, ref);
  }
  for (const [name, { payload, examples }] of Object.entries<Json>(document.components.messages)) {
    assert.ok(seen.has(`#/channels/live/messages/${name}`), `${name} has an operation`);
    const ajv = validator().addSchema(document, 'document');
    const valid = ajv.compile({ $ref: `document${payload.$ref}` });
    for (const example of examples)
      assert.ok(valid(example.payload), `${name}: ${JSON.stringify(valid.errors)}`);
  }
});
