import { current } from './runtime.js';

// Stands in for `@jest/globals`, once for each test file.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = current.globals!;
