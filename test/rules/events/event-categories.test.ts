import assert from 'node:assert/strict';
import { test } from '@jest/globals';
import { joinCategories } from '../../../src/events/event-list.rules.js';
import {
  categoryKey,
  categoryName,
  categoryNames,
  categoryWords,
} from '../../../src/platform/common/event-categories.js';
import { LOCALES } from '../../../src/platform/common/locale.js';

test('a known category has a word in each language, without regard to case, accents and signs', () => {
  const both = (name: string) => LOCALES.map((locale) => categoryName(name, locale));
  assert.deepEqual(both('Konzert'), ['Concert', 'Konzert']);
  assert.deepEqual(both(' thÉÂtre '), ['Theatre', 'Theater']);
  assert.deepEqual(both('FUSSBALL'), ['Football', 'Fußball']);
  assert.deepEqual(both('poetry-slam'), ['Poetry slam', 'Poetry-Slam']);
  assert.deepEqual(both('Soccer'), both('Fußball'));
});

test('any other category stays as its organizer wrote it', () => {
  for (const name of ['Orgelführung', 'Concerto', '相声', ''])
    for (const locale of LOCALES) assert.equal(categoryName(name, locale), name);
  assert.equal(categoryKey('Orgelführung'), categoryKey('ORGELFUHRUNG'));
  assert.notEqual(categoryKey('Orgelführung'), categoryKey('Führung'));
});

test('no word means two categories', () => {
  for (const locale of LOCALES) {
    const names = categoryNames(locale);
    assert.ok(names.length > 30);
    assert.equal(new Set(names.map(categoryKey)).size, names.length);
    for (const name of names) assert.equal(categoryName(name, locale), name);
    assert.deepEqual(names, names.toSorted(new Intl.Collator(locale).compare));
  }
});

test('a search for one word finds all of its category', () => {
  assert.deepEqual(categoryWords('opern'), ['opern', 'Opera', 'Oper', 'Operas', 'Opern']);
  assert.deepEqual(categoryWords('Orgelführung'), ['Orgelführung']);
});

test('counts of all words for a category are one, under the most frequent word', () => {
  const counted = [
    { category: 'Konzert', events: 2 },
    { category: 'Orgelführung', events: 4 },
    { category: 'Concert', events: 3 },
  ];
  assert.deepEqual(joinCategories(counted), [
    { category: 'Concert', events: 5 },
    { category: 'Orgelführung', events: 4 },
  ]);
});
