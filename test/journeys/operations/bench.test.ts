import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { note } from '../../support/note.js';

/** That it runs and audits; whether its figures pass the gates is a matter of the machine, not of a test. */
test('the bench runs its short form, and what it sold is in the database', async () => {
  const printed = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [join('dist', 'bench', 'main.js'), 'hot-seat', 'browse', '--quick'],
      (_error, stdout, stderr) => resolve(`${stdout}${stderr}`),
    );
  });
  const file = /Written to (\S+)\.md/.exec(printed)?.[1];
  assert.ok(file, printed);
  for (const [line] of printed.matchAll(/SKIPPED: .*/g)) note(line);
  const { outcomes } = JSON.parse(readFileSync(`${file}.json`, 'utf8'));
  assert.deepEqual(
    outcomes.map(({ name, error }: { name: string; error?: string }) => ({ name, error })),
    [
      { name: 'hot-seat', error: undefined },
      { name: 'browse', error: undefined },
    ],
    printed,
  );
});
