import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  again,
  done,
  more,
  refused,
  type SagaState,
  type SagaStep,
  stuck,
  wait,
} from '../../../src/platform/saga/saga.js';
import { backoff, beginning, MAX_ATTEMPTS, moveAfter } from '../../../src/platform/saga/saga.rules.js';
import type { SagaRecord } from '../../../src/platform/saga/sagas.repository.js';

const step = (name: string, undone: boolean): SagaStep => ({
  name,
  run: async () => done(),
  ...(undone && { undo: async () => done() }),
});
/** `check` has nothing to take back. */
const STEPS = [step('reserve', true), step('check', false), step('pay', true), step('ship', true)];

const saga = (change: Partial<SagaRecord> = {}): SagaRecord => ({
  id: 'saga',
  kind: 'order',
  subjectId: 'order',
  eventId: null,
  state: 'running',
  step: 1,
  attempts: 1,
  data: {},
  reason: null,
  dueAt: null,
  lease: 'lease',
  actor: null,
  correlationId: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...change,
});
const at = (state: SagaState, number: number, attempts = 1) => saga({ state, step: number, attempts });

describe('pauses of a saga', () => {
  test('are twice as long each time, up to a minute, and spread by a quarter either way', () => {
    const middle = [1, 2, 3, 4, 7, 8, 20].map((attempts) => backoff(attempts, 0.5));
    assert.deepEqual(middle, [0.5, 1, 2, 4, 32, 60, 60]);
    assert.equal(backoff(3, 0), 1.5);
    assert.equal(backoff(8, 0), 45);
    assert.equal(backoff(3, 1), 2.5);
  });

  test('add up to about twenty minutes before an operator is asked', () => {
    let seconds = 0;
    for (let attempts = 1; attempts < MAX_ATTEMPTS; attempts++) seconds += backoff(attempts, 0.5);
    assert.ok(seconds > 15 * 60 && seconds < 25 * 60, `${seconds} s`);
  });
});

describe('a saga that has been leased', () => {
  test('begins its step, as often as that needs, but not for ever', () => {
    const begin = {
      outcome: null,
      reason: null,
      patch: {},
      state: 'running',
      step: 1,
      pause: null,
      name: 'check',
    };
    assert.deepEqual(beginning(at('running', 1), STEPS), begin);
    assert.deepEqual(beginning(at('running', 1, 2 * MAX_ATTEMPTS - 1), STEPS), begin);
    assert.deepEqual(beginning(at('running', 1, 2 * MAX_ATTEMPTS), STEPS), {
      ...begin,
      state: 'stuck',
      outcome: 'stuck',
      reason: 'It was begun too often without an outcome',
    });
    assert.equal(beginning(at('compensating', 2), STEPS).state, 'compensating');
  });
});

describe('after an attempt', () => {
  const after = (record: SagaRecord, result: Parameters<typeof moveAfter>[2]) =>
    moveAfter(record, STEPS, result, 0.5);

  test('that is done the next step follows, and after the last one the end', () => {
    const move = after(at('running', 0), done({ paid: true }));
    assert.deepEqual(move, {
      outcome: 'done',
      reason: null,
      patch: { paid: true },
      state: 'running',
      step: 1,
      pause: null,
      name: 'check',
    });
    assert.deepEqual(after(at('running', 3), done()), {
      outcome: 'done',
      reason: null,
      patch: {},
      state: 'completed',
      step: 3,
      pause: null,
      name: 'ship',
    });
  });

  test('that has done a part the step goes on at once', () => {
    const { state, step, pause, patch, outcome } = after(at('running', 2), more({ part: 2 }));
    assert.deepEqual([outcome, state, step, pause, patch], ['more', 'running', 2, null, { part: 2 }]);
  });

  test('that has to wait the step stays for as long as it said, with what it has learnt', () => {
    const move = after(at('running', 2), wait(90, 'the bank', { asked: 1 }));
    assert.deepEqual(
      [move.outcome, move.state, move.step, move.pause, move.reason, move.patch, move.name],
      ['wait', 'running', 2, 90, 'the bank', { asked: 1 }, 'pay'],
    );
  });

  test('that failed the step is tried again after a pause, until an operator is asked', () => {
    const early = after(at('running', 2, MAX_ATTEMPTS - 1), again('down'));
    assert.deepEqual([early.state, early.pause, early.reason], ['running', 60, 'down']);
    const second = after(at('compensating', 2, 2), again('down'));
    assert.deepEqual([second.state, second.pause], ['compensating', 1]);
    const last = after(at('running', 2, MAX_ATTEMPTS), again('down'));
    assert.deepEqual([last.state, last.pause, last.outcome], ['stuck', null, 'again']);
  });

  test('that needs an operator nothing goes on', () => {
    const move = after(at('running', 2), stuck('two payments'));
    assert.deepEqual([move.state, move.step, move.pause, move.reason], ['stuck', 2, null, 'two payments']);
  });

  test('that was refused the steps before are undone, the last one first, those with nothing to undo skipped', () => {
    const move = after(at('running', 2), refused('declined', { why: 'card' }));
    assert.deepEqual(
      [move.outcome, move.state, move.step, move.name, move.reason, move.patch, move.pause],
      ['refused', 'compensating', 0, 'reserve', 'declined', { why: 'card' }, null],
    );
    const later = after(at('running', 3), refused('no stock'));
    assert.deepEqual([later.state, later.step, later.name], ['compensating', 2, 'pay']);
    const undone = after(at('compensating', 2), done());
    assert.deepEqual([undone.state, undone.step, undone.name], ['compensating', 0, 'reserve']);
    const end = after(at('compensating', 0), done());
    assert.deepEqual([end.state, end.step, end.name], ['compensated', 0, null]);
    const first = after(at('running', 0), refused('sold out'));
    assert.deepEqual([first.state, first.step, first.name], ['compensated', 0, null]);
  });

  test('of undoing, a refusal is no answer', () => {
    const move = after(at('compensating', 2), refused('no'));
    assert.deepEqual([move.state, move.step, move.name], ['stuck', 2, 'pay']);
  });
});
