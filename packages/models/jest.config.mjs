import base from '../../jest.config.base.mjs';

export default {
  ...base,
  globalSetup: '<rootDir>/start-store.mjs',
  globalTeardown: '<rootDir>/stop-store.mjs',
};
