import base from '../../../jest.config.base.mjs';

/** The limit is for starting Java and Serverless on a busy machine. */
export default { ...base, testTimeout: 60_000, maxWorkers: 2 };
