import { ownerOf } from '@posthorn/local-host/owner-of';
import { checkpointKey } from '@posthorn/local-host/stored-checkpoints';
import { type ImportedMessage, openQueueImport, type QueueImport } from '@posthorn/local-queues';
import type { Storage } from '@posthorn/local-storage';
import type { MigrationContext } from '../migration.ts';
import { inBatches } from './in-batches.ts';
import { type OldQueues, openOldQueues } from './old-queues.ts';
import type { OldStore } from './old-stores.ts';

const batchLimits = { count: 256, weight: 4 * 2 ** 20 };
/** How often the progress is reported, at most. */
const reports = 20;

/** Moves the jobs and checkpoints of a store into its storage. What is there from an earlier call is left out. */
export async function fillStorage(storage: Storage, store: OldStore, context: MigrationContext): Promise<void> {
  if (store.queues) await importQueues(storage, store.queues.file, context);
  context.beforeChange?.('checkpoints');
  await storage.commit(
    store.checkpoints.flatMap(({ name, text }) => {
      if (text !== undefined) return [{ type: 'put', key: checkpointKey(name), value: text }];
      context.report(`The checkpoint ${name} cannot be read: its stream is read again from the beginning`);
      return [];
    }),
  );
}

async function importQueues(storage: Storage, file: string, context: MigrationContext): Promise<void> {
  const old = openOldQueues(file);
  try {
    context.beforeChange?.('queues');
    const { queues } = old;
    const target = await openQueueImport({ storage, queues, now: context.now });
    if (target.isFinished) return;
    await importMessages(old, target, context);
    context.beforeChange?.('finish');
    await target.finish();
  } finally {
    old.close();
  }
}

async function importMessages(old: OldQueues, target: QueueImport, context: MigrationContext): Promise<void> {
  const { messageCount } = old;
  const reportEvery = Math.max(1, Math.ceil(messageCount / reports));
  let done = messageCount - old.countAfter(target.importedTo);
  const report = () => context.report(`Migrating: ${inWords(done)} of ${inWords(messageCount)} jobs`);
  report();
  for (const batch of inBatches(withGroups(old, target.importedTo), weightOf, batchLimits)) {
    context.beforeChange?.(`jobs after ${done}`);
    await target.add(batch);
    const before = done;
    done += batch.length;
    if (done === messageCount || Math.floor(done / reportEvery) > Math.floor(before / reportEvery)) report();
  }
}

/**
 * The old server forgot the groups of standard queues. The groups take turns now, so each application gets its own again.
 */
function* withGroups({ messages }: OldQueues, after: number): Iterable<ImportedMessage> {
  for (const message of messages(after)) {
    const group = message.group ?? ownerOf(message.body).application;
    yield isGroupName.test(group) ? { ...message, group } : message;
  }
}

/** As SQS allows it. */
const isGroupName = /^[!-~]{1,128}$/;

const weightOf = ({ body }: ImportedMessage): number => body.length;

const inWords = (count: number): string => count.toLocaleString('en');
