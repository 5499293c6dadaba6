import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  cachingProblems,
  fillTag,
  keyOf,
  type RouteFacts,
  tagsOf,
} from '../../../src/platform/cache/cache.rules.js';

describe('cached answers', () => {
  test('depend on all objects of a kind, and on their own one', () => {
    assert.deepEqual(tagsOf('event', '7'), ['event', 'event:7']);
    assert.equal(fillTag('event:{id}', { id: 'AB-12' }), 'event:ab-12');
    assert.equal(fillTag('{kind}:{id}', { kind: 'Venue', id: '1' }), 'venue:1');
  });

  test('have one key for all orders of a query', () => {
    assert.equal(keyOf('/a?b=1&a=2&c='), '/a?a=2&b=1&c=');
    assert.equal(keyOf('/a?b=1&a=2&c='), keyOf('/a?c=&a=2&b=1'));
    assert.notEqual(keyOf('/a?b=1&a=2'), keyOf('/a?b=2&a=1'));
    assert.equal(keyOf('/a?b=1'), '/a?b=1');
    assert.equal(keyOf('/z&y&a'), '/z&y&a', 'no query');
    assert.equal(keyOf('/b&a?y=1'), '/b&a?y=1', 'only what follows the question mark is a query');
  });

  const principal = () => 'principal';
  const route = (change: Partial<RouteFacts> = {}): RouteFacts => ({
    isGet: true,
    isPublic: true,
    hasRoles: false,
    isStatic: true,
    parameters: { '4:0': {}, '5:1': {}, 'principal:2': { factory: principal } },
    params: ['id'],
    tags: ['event', 'event:{id}'],
    ...change,
  });
  const problems = (change: Partial<RouteFacts>) => cachingProblems(route(change), principal);

  test('are kept for routes that say the same to everybody', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ parameters: {}, tags: [] }), []);
  });

  test('are not kept for others, each with its reasons', () => {
    assert.deepEqual(problems({ isGet: false }), ['is no GET route']);
    assert.deepEqual(problems({ isPublic: false }), ['is not open to everyone']);
    assert.deepEqual(problems({ hasRoles: true }), ['is not open to everyone']);
    assert.deepEqual(problems({ isStatic: false }), ['is made anew for each request']);
    const more = 'takes more of the request than path, query and @CurrentUser()';
    // Nest's numbers of the whole request, the body, the headers, the session and the address.
    for (const kind of [0, 1, 3, 6, 7, 11, 14])
      assert.deepEqual(problems({ parameters: { [`${kind}:0`]: {} } }), [more], `${kind}`);
    assert.deepEqual(problems({ parameters: { 'other:0': { factory: () => 'agent' } } }), [more]);
    assert.deepEqual(problems({ parameters: { 'x4:0': {} } }), [more], 'a name that has a number in it');
    assert.deepEqual(problems({ parameters: { '45:0': {} } }), [more]);
    assert.deepEqual(problems({ tags: ['{kind}:{id}'] }), [
      'has no parameter {kind} for the tag {kind}:{id}',
    ]);
    assert.equal(problems({ isGet: false, isPublic: false, isStatic: false }).length, 3);
  });
});
