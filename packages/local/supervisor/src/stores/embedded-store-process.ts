// Runs the embedded store in its own process: `node embedded-store-process.ts '{"folder":…}'`.
import { setTimeout as wait } from 'node:timers/promises';
import { FolderInUse } from '@posthorn/local-dynamodb';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import type { EmbeddedStoreOptions } from './embedded-store-options.ts';

/** How long to wait for the folder, which the store of a killed supervisor may still hold, and for a busy port. */
const patienceMs = 10_000;
const tryAgainAfterMs = 100;
/**
 * Time limit for closing. All acknowledged writes are already in the folder; closing only makes the next start faster.
 */
const closeMs = 2_000;

/** How long GetRecords waits at the end of a shard for a new record, so that the triggers poll less often. */
const streamWaitMs = 500;

type Store = Awaited<ReturnType<typeof startDynamodbEmbedded>>;

// Only the supervisor starts this program.
const options = JSON.parse(process.argv[2] ?? '') as EmbeddedStoreOptions;

async function open(deadline = performance.now() + patienceMs): Promise<Store> {
  try {
    return await startDynamodbEmbedded({ ...options, streamWaitMs });
  } catch (error) {
    const mayPass = error instanceof FolderInUse || isPortTaken(error);
    if (!mayPass || performance.now() > deadline || !process.connected) throw error;
    await wait(tryAgainAfterMs);
    return open(deadline);
  }
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

async function refuse(error: unknown): Promise<never> {
  const problem = `The embedded store cannot be opened. ${error instanceof Error ? error.message : String(error)}`;
  await new Promise<void>((resolve) => (process.connected ? process.send?.({ problem }, () => resolve()) : resolve()));
  process.exit(1);
}

const opening = open();
const end = async () => {
  await Promise.race([opening.then((store) => store.stop()).catch(() => undefined), wait(closeMs)]);
  process.exit(0);
};
process.once('SIGTERM', end);
process.once('disconnect', end);
// The supervisor ended before this program listened for it.
if (!process.connected) await end();
await opening.then(() => process.send?.('ready'), refuse);
