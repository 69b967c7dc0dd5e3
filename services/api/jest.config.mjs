import base from '../../jest.config.base.mjs';

export default {
  ...base,
  globalSetup: './src/fixtures/driven-operations-start.mjs',
  globalTeardown: './src/fixtures/driven-operations-end.mjs',
};
