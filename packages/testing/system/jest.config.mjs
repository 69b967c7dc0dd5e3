import base from '../../../jest.config.base.mjs';

// Each file runs a whole system: one after the other.
export default { ...base, maxWorkers: 1 };
