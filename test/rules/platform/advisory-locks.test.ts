import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from '@jest/globals';
import { LOCK_SEEDS, LOCKS } from '../../../src/platform/database/advisory-locks.js';

describe('advisory locks', () => {
  test('each number and each seed means one thing', () => {
    for (const table of [LOCKS, LOCK_SEEDS]) {
      const numbers = Object.values(table);
      assert.deepEqual(numbers, [...new Set(numbers)]);
    }
  });

  test('replicas of the release before know the same numbers', () => {
    const { demo, ...shared } = LOCKS;
    assert.deepEqual(shared, {
      migrations: 4_860_137,
      handlersLead: 4_860_138,
      brokerLead: 4_860_139,
      rebuild: 4_860_140,
      embeddedOwner: 4_860_190,
    });
    assert.deepEqual(LOCK_SEEDS, { idempotencyKey: 1, webhooksOfOrganizer: 2, identityProviders: 3 });
    assert.notEqual(demo, shared.brokerLead);
  });

  test('no other number is locked with, in the code and in the functions of migrations', () => {
    // The key comes from outside of the statement, and what is not a parameter is a constant of the table.
    const allowed =
      /^(\$\d|hashtextextended\(\$\d(::text)?, \$\d\)|\$\{(LOCKS|LOCK_SEEDS)\.\w+\}|hashtextextended\([^,]+, \$\{LOCK_SEEDS\.\w+\}\))\)/;
    let calls = 0;
    for (const file of globSync('src/**/*.{ts,sql}')) {
      const text = readFileSync(file, 'utf8');
      for (const { index, 0: call } of text.matchAll(
        /pg_(?:try_)?advisory_(?:xact_)?(?:un)?lock(?:_shared)?\(/g,
      )) {
        calls++;
        const key = text.slice(index + call.length, index + call.length + 100);
        assert.match(key, allowed, `${file}: ${call}${key.split('\n')[0]}`);
      }
      if (!file.endsWith('advisory-locks.ts'))
        assert.doesNotMatch(text, /\b4_?860_?1\d\d\b/, `${file} has a number of the table`);
    }
    assert.ok(calls >= 7, `${calls} calls`);
  });
});
