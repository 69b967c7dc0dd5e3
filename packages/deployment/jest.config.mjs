import base from '../../jest.config.base.mjs';

// A test packages all services.
export default { ...base, testTimeout: 1_800_000 };
