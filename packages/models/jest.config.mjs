import base from '../../jest.config.base.mjs';

export default {
  ...base,
  // Some go through every crash of a long task.
  testTimeout: 1_800_000,
  globalSetup: '<rootDir>/start-store.mjs',
  globalTeardown: '<rootDir>/stop-store.mjs',
};
