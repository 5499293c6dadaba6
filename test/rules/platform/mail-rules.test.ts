import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { DUTIES, type DutySettings, dutiesOf } from '../../../src/platform/jobs/duties.rules.js';
import { isRefusal, leaseSeconds, pauseAfter } from '../../../src/platform/mail/mail.rules.js';

describe('mail', () => {
  test('is tried again soon at first, and for a day and a half in all', () => {
    const pauses = Array.from({ length: 11 }, (_, i) => pauseAfter(i + 1)!);
    assert.deepEqual(pauses, [1, 5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600]);
    assert.equal(pauseAfter(12), undefined);
  });

  test('is given up when the recipient or the message is refused for good, and only then', () => {
    for (const command of ['RCPT TO', 'DATA']) {
      for (const responseCode of [500, 550, 599]) assert.equal(isRefusal({ responseCode, command }), true);
      for (const responseCode of [450, 499, 600]) assert.equal(isRefusal({ responseCode, command }), false);
      assert.equal(isRefusal({ command }), false);
    }
    for (const command of ['AUTH PLAIN', 'MAIL FROM', undefined])
      assert.equal(isRefusal({ responseCode: 550, command }), false, command);
    assert.equal(isRefusal({}), false);
  });

  test('is leased for as long as twelve answers at the last moment take, and half a minute', () => {
    assert.equal(leaseSeconds(10_000), 150);
  });
});

describe('duties of a replica', () => {
  const settings = { sagas: { worker: true }, waitlist: { worker: true }, inventory: { sweeper: true } };
  const duties = (change: Partial<DutySettings>) => [...dutiesOf({ role: 'all', ...settings, ...change })];

  test('are all of a worker, none of an api replica', () => {
    assert.deepEqual(DUTIES, ['jobs', 'facts', 'sagas', 'mail', 'webhooks', 'waitlist', 'sweeping']);
    assert.deepEqual(duties({ role: 'worker' }), [...DUTIES]);
    assert.deepEqual(duties({ role: 'all' }), [...DUTIES]);
    assert.deepEqual(duties({ role: 'api' }), []);
  });

  test('can be switched off one by one', () => {
    const without = (duty: string) => DUTIES.filter((other) => other !== duty);
    assert.deepEqual(duties({ sagas: { worker: false } }), without('sagas'));
    assert.deepEqual(duties({ waitlist: { worker: false } }), without('waitlist'));
    assert.deepEqual(duties({ inventory: { sweeper: false } }), without('sweeping'));
  });
});
