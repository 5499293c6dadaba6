import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { brokenTexts, isVisible } from '../../../src/platform/common/text.rules.js';

const CONTROL = 'must not contain control characters';
const HALF = 'must be well-formed Unicode';

describe('texts', () => {
  test('that can be seen, and that cannot', () => {
    for (const text of ['a', ' a ', '\u0301a', '😀', '・', '\u3164x'])
      assert.equal(isVisible(text), true, JSON.stringify(text));
    for (const text of [
      '',
      ' ',
      '\t\n',
      '\u00a0',
      '\u200b',
      '\u0301',
      '\u3164',
      '\u2800',
      '\u{1d159}',
      '\u{13441}',
      '\u{13442}',
      '\ufe0f',
      '\ud800',
    ])
      assert.equal(isVisible(text), false, JSON.stringify(text));
  });

  test('in order have no faults, however deep they stand', () => {
    for (const value of ['a', '', 7, null, undefined, true, [], {}, { a: [{ b: 'c' }] }, Buffer.from('\0')])
      assert.deepEqual(brokenTexts(value), []);
  });

  test('that the database would refuse are named with their path', () => {
    assert.deepEqual(brokenTexts('a\0'), [{ path: '', message: CONTROL }]);
    assert.deepEqual(brokenTexts('\ud800'), [{ path: '', message: HALF }]);
    assert.deepEqual(brokenTexts(['\0'], 'body'), [{ path: 'body.0', message: CONTROL }]);
    assert.deepEqual(brokenTexts(['a', 'b\0']), [{ path: '1', message: CONTROL }]);
    assert.deepEqual(brokenTexts({ a: { b: ['x', '\udc00', '\0'] }, c: 'fine' }), [
      { path: 'a.b.1', message: HALF },
      { path: 'a.b.2', message: CONTROL },
    ]);
    assert.deepEqual(brokenTexts({ a: { 'b\0': 1 } }), [{ path: 'a.b\0', message: CONTROL }]);
    assert.deepEqual(brokenTexts([{ '\ud800': {} }]), [{ path: '0.\ud800', message: HALF }]);
  });

  test('of one request are named a hundred at most', () => {
    assert.equal(brokenTexts(Array(100).fill('\0')).length, 100);
    assert.equal(brokenTexts(Array(101).fill('\0')).length, 100);
  });
});
