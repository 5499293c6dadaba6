export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  runtime: '<rootDir>/dist/test/support/jest/runtime.js',
  testSequencer: '<rootDir>/dist/test/support/jest/sequencer.js',
  testEnvironment: '<rootDir>/dist/test/support/jest/environment.js',
  transform: {},
  injectGlobals: false,
  testTimeout: 300_000,
  // With more the tests that look at times fail by chance on two cores.
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
  workerGracefulExitTimeout: 10_000,
};
