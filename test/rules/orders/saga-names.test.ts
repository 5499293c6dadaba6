import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from '@jest/globals';
import * as orderSagas from '../../../src/orders/order-sagas.js';
import type { SagaPlan } from '../../../src/platform/saga/saga.js';

const PLANS: readonly SagaPlan[] = Object.values(orderSagas);

/** Texts in quotes in each argument of a call, whose own brackets may hold commas. */
function literalsOf(call: string): string[][] {
  const args = [''];
  let depth = 0;
  for (const letter of call) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === ',' && depth === 0) args.push('');
    else args[args.length - 1] += letter;
  }
  return args.map((arg) => [...arg.matchAll(/'([^']*)'/g)].map(([, text]) => text!));
}

describe('names of sagas', () => {
  test('kinds are different, and so are the steps of each', () => {
    for (const names of [PLANS.map(({ kind }) => kind), ...PLANS.map(({ steps }) => [...steps])])
      assert.deepEqual(names, [...new Set(names)]);
  });

  test('SQL functions that start a saga name a kind, and the steps with which it begins', () => {
    const started = new Set<string>();
    for (const file of globSync('src/platform/database/functions/**/*.sql'))
      for (const [, call] of readFileSync(file, 'utf8').matchAll(/PERFORM saga_start_v1\(([^;]*)\);/g)) {
        const args = literalsOf(call!);
        const [kind, done, begun] = [args[1]![0], args[5]![0], args[10]?.[0]];
        const plan = PLANS.find((known) => known.kind === kind);
        assert.ok(plan, `${file} starts ${kind}`);
        started.add(plan.kind);
        const steps = [done, begun].filter((step) => step !== undefined);
        assert.deepEqual(steps, plan.steps.slice(0, steps.length), file);
      }
    assert.deepEqual([...started].sort(), ['cancellation', 'checkout']);
  });
});
