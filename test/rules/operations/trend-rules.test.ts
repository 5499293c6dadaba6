import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  quantileMs,
  requestsIn,
  SLOT_MS,
  since,
  slotOf,
  together,
} from '../../../src/operations/overview/trend.rules.js';

const answers = (...counts: number[]) =>
  counts.map((count, index): [number, number] => [[0.01, 0.1, 1, Number.POSITIVE_INFINITY][index]!, count]);

describe('the graph of the last hours', () => {
  test('has slots of a quarter of an hour', () => {
    assert.equal(SLOT_MS, 900_000);
    assert.deepEqual([slotOf(899_999), slotOf(900_000), slotOf(1_799_999)], [0, 900_000, 900_000]);
  });

  test('counts what came between two readings, from the start of the process', () => {
    const one = { refused: 3, answers: answers(1, 2, 2, 2) };
    const two = { refused: 8, answers: answers(4, 7, 9, 10) };
    assert.deepEqual(since(undefined, one), one);
    assert.deepEqual(since(one, two), { refused: 5, answers: answers(3, 5, 7, 8) });
    assert.deepEqual(together(one, since(one, two)), two);
    assert.deepEqual(together(undefined, one), one);
    assert.equal(requestsIn(two), 10);
    assert.equal(requestsIn({ refused: 0, answers: [] }), 0);
  });

  test('says how long answers took: in proportion within a bucket, and no more than is known', () => {
    assert.equal(quantileMs(answers(0, 100, 100, 100), 0.5), 55);
    assert.equal(quantileMs(answers(10, 10, 10, 10), 0.5), 5);
    assert.equal(quantileMs(answers(0, 0, 1, 100), 0.95), 1000);
    assert.equal(quantileMs(answers(0, 0, 0, 0), 0.95), null);
    assert.equal(quantileMs([], 0.95), null);
  });
});
