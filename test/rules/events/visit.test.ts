import assert from 'node:assert/strict';
import { test } from '@jest/globals';
import { type Visit, visitLine, visitNotes } from '../../../src/platform/common/visit.js';

const visit = (changes: Partial<Visit>): Visit => ({
  startsAt: new Date('2027-06-04T17:00:00Z'),
  timezone: 'Europe/Berlin',
  doorsAt: null,
  durationMinutes: null,
  minAge: null,
  ...changes,
});

const NONE = { doorsAt: null, durationMinutes: null, minAge: null };

test('nothing is said of what nobody has said', () => {
  assert.deepEqual(visitNotes(visit(NONE), 'en'), []);
  assert.equal(visitLine(visit(NONE), 'de'), '');
});

test('doors open by the clocks there, with the day where it is the one before', () => {
  const doors = (at: string, locale: 'en' | 'de') => visitLine(visit({ doorsAt: new Date(at) }), locale);
  assert.equal(doors('2027-06-04T16:00:00Z', 'en'), 'Doors 18:00');
  assert.equal(doors('2027-06-04T16:00:00Z', 'de'), 'Einlass 18:00');
  assert.equal(doors('2027-06-03T21:00:00Z', 'en'), 'Doors Thu 3 Jun, 23:00');
});

test('a length has hours and minutes, each only where there are some', () => {
  const long = (durationMinutes: number) =>
    visitLine(visit({ durationMinutes }), 'de').replaceAll('\u00a0', ' ');
  assert.equal(long(45), 'Dauer 45 Min.');
  assert.equal(long(60), 'Dauer 1 Std.');
  assert.equal(long(150), 'Dauer 2 Std. 30 Min.');
  assert.equal(visitLine(visit({ durationMinutes: 90 }), 'en'), 'Duration 1\u00a0h 30\u00a0min');
});

test('an age is a number, also 0', () => {
  const age = (minAge: number, locale: 'en' | 'de') => visitLine(visit({ minAge }), locale);
  assert.equal(age(16, 'en'), 'Age 16 and over');
  assert.equal(age(16, 'de'), 'Alter ab 16 Jahren');
  assert.equal(age(1, 'de'), 'Alter ab 1 Jahr');
  assert.equal(age(0, 'en'), 'Age 0 and over');
});

test('they stand in one order', () => {
  const all = visit({ doorsAt: new Date('2027-06-04T16:00:00Z'), durationMinutes: 60, minAge: 6 });
  assert.equal(visitLine(all, 'en'), 'Doors 18:00 · Duration 1\u00a0h · Age 6 and over');
});
