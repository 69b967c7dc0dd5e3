import base from '../../../jest.config.base.mjs';

/** The limit is for waits at queues and streams on a busy machine. */
export default { ...base, testTimeout: 60_000 };
