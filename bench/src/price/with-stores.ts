import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { StoreAddresses } from './store-addresses.ts';

/** Starts the stores and the receiver in a process of their own, and stops them afterwards. */
export async function withStores<Result>(use: (addresses: StoreAddresses) => Promise<Result>): Promise<Result> {
  const child = fork(join(import.meta.dirname, 'serve-stores.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    // The child sends one message.
    const [addresses] = (await once(child, 'message')) as [StoreAddresses];
    return await use(addresses);
  } finally {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
}
