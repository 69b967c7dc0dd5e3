import base from '../../../jest.config.base.mjs';

// A test builds into `dist`.
export default { ...base, modulePathIgnorePatterns: ['<rootDir>/dist'] };
