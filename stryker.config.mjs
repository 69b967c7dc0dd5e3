import base from './jest.config.base.mjs';

/**
 * Mutation testing of one package, run in its folder by `pnpm run test:mutation`. A mutant is a small change of the code;
 * one that survives is a change that no test notices.
 *
 * Jest's configuration is given in full, since relative paths differ in the sandbox that Stryker copies a package into.
 */
export default {
  mutate: ['src/**/*.ts', '!src/**/*.test.ts', '!src/index.ts', '!src/fixtures/**'],
  testRunner: 'jest',
  plugins: [import.meta.resolve('@stryker-mutator/jest-runner')],
  jest: { projectType: 'custom', config: base, enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
