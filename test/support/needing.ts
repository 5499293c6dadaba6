import { describe, test } from '@jest/globals';
import { without } from './tools.js';

/** `describe`, skipped where one of the commands is missing: the run says at its end what was not tested. */
export const describeWith = (...commands: string[]) => (commands.some(without) ? describe.skip : describe);

/** The same for one test. */
export const testWith = (...commands: string[]) => (commands.some(without) ? test.skip : test);
