import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from '@jest/globals';

const FAILS = `
  const { traceSources } = await import('./dist/src/platform/common/stack-traces.js');
  traceSources();
  const { loadConfig } = await import('./dist/src/platform/config/config.js');
  try {
    loadConfig({ PORT: 'high' });
  } catch (error) {
    console.log(error.stack);
  }`;

describe('a stack trace', () => {
  test('of compiled code names files and lines of the sources', () => {
    const stack = execFileSync(process.execPath, ['--input-type=module', '--eval', FAILS], {
      encoding: 'utf8',
    });
    const [message, place] = stack.split('\n');
    assert.match(message!, /PORT/);
    assert.match(place!, /^ {4}at \S+ \(\S+\/src\/platform\/config\/\w+\.ts:\d+:\d+\)$/);
  });
});
