import { expect } from '@jest/globals';

/** Prints a figure that a test has measured, with the test's name. */
export function note(text: string): void {
  process.stdout.write(`${expect.getState().currentTestName}: ${text}\n`);
}
