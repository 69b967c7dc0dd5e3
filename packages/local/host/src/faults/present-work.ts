import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs an invocation. All that it calls can be attributed to it by its name. */
export const runWork = <Result>(work: string, invoke: () => Promise<Result>): Promise<Result> =>
  storage.run(work, invoke);

/** The name of the invocation that does what is done now. Empty outside of one. */
export const presentWork = (): string => storage.getStore() ?? '';
