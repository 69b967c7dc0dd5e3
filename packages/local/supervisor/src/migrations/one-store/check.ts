import { join, relative } from 'node:path';
import { findQueueDamage, openOldQueues } from './old-queues.ts';
import type { OldStore } from './old-stores.ts';

export interface CheckOptions {
  /** The data folder, to which the names in the result are relative. */
  readonly path: string;
  /** The folder was checked before, and its migration has begun. */
  readonly hasBegun: boolean;
  readonly queuesElsewhere: boolean;
}

/** Returns what is damaged or missing in a store. The rows of the tables are checked when they are opened. */
export async function findProblems(store: OldStore, options: CheckOptions): Promise<readonly string[]> {
  const { folder, tables, storage, queues } = store;
  const problem = (part: string, text: string) => [`${relative(options.path, join(folder, part))}: ${text}`];
  if (storage && !options.hasBegun) return problem('store', 'belongs to a later version than the other parts');
  const damage = queues && !options.hasBegun ? await findQueueDamage(queues.file) : undefined;
  if (damage !== undefined) return problem('sqs/fauxqs.db', damage);

  const { messageCount, queueCount } = countIn(queues?.file);
  const hasRows = (tables ?? storage)?.hasRows === true;
  const hasCheckpoints = store.checkpoints.length > 0;
  // The first start created the queues before it opened the tables.
  if ((hasRows || hasCheckpoints) && queueCount === 0 && !options.queuesElsewhere) {
    return problem(
      'sqs/fauxqs.db',
      'is missing or empty. If the queues were at another endpoint, set POSTHORN_SQS to it',
    );
  }
  if (store.kind === 'embedded' && !hasRows && (messageCount > 0 || hasCheckpoints)) {
    return problem('dynamodb', 'is missing or empty, but there are jobs or checkpoints that belong to its tables');
  }
  if (store.kind === 'embedded' && hasRows && !store.hasMasterKey) {
    return ['master-key: is missing, and the secrets in the tables cannot be read without it'];
  }
  return [];
}

function countIn(file: string | undefined): { readonly messageCount: number; readonly queueCount: number } {
  if (file === undefined) return { messageCount: 0, queueCount: 0 };
  const old = openOldQueues(file);
  old.close();
  return { messageCount: old.messageCount, queueCount: old.queues.length };
}
