import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from '@jest/globals';
import type { Json } from '../support/client.js';

// The web app is no part of this program's build; Node reads its TypeScript.
const load = (): Promise<Json> => import(pathToFileURL(resolve('web/src/shop/spans.ts')).href);

test('chips of times begin today at the earliest, whatever day it is', async () => {
  const { SPANS, daysOf } = await load();
  const spans = (year: number, month: number, day: number) =>
    SPANS.map((span: string) => {
      const { from, to } = daysOf(span, new Date(year, month - 1, day, 23, 30));
      return `${from} ${to}`;
    });
  assert.deepEqual(SPANS, ['today', 'weekend', 'week', 'month']);
  const [friday, saturday, sunday] = [spans(2027, 12, 31), spans(2028, 1, 1), spans(2027, 2, 28)];
  assert.deepEqual(friday, [
    '2027-12-31 2027-12-31',
    '2028-01-01 2028-01-02',
    '2027-12-31 2028-01-06',
    '2027-12-31 2027-12-31',
  ]);
  assert.deepEqual(saturday.slice(1), [
    '2028-01-01 2028-01-02',
    '2028-01-01 2028-01-07',
    '2028-01-01 2028-01-31',
  ]);
  assert.deepEqual(sunday.slice(0, 3), [
    '2027-02-28 2027-02-28',
    '2027-02-28 2027-02-28',
    '2027-02-28 2027-03-06',
  ]);
});
