import base from '../../../jest.config.base.mjs';

// Each file runs a whole system of its own. Some wait for minutes, so two run at a time.
export default { ...base, maxWorkers: 2, testSequencer: '<rootDir>/src/longest-first.ts' };
