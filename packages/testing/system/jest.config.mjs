import base from '../../../jest.config.base.mjs';

// Each file runs a whole system of its own, and waits longer than it computes: three keep two cores busy.
// Much of a test is waiting for retries, tasks and restarts, one after the other.
export default { ...base, testTimeout: 3_600_000, maxWorkers: 3, testSequencer: '<rootDir>/src/longest-first.ts' };
