import base from '../../../jest.config.base.mjs';

// Each file runs a whole system of its own, and waits longer than it computes: three keep two cores busy.
export default { ...base, maxWorkers: 3, testSequencer: '<rootDir>/src/longest-first.ts' };
