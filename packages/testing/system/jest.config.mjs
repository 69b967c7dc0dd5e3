import base from '../../../jest.config.base.mjs';

// The files run one after the other, because each runs a whole system.
export default { ...base, maxWorkers: 1 };
