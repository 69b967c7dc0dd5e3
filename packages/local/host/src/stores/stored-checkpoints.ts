import type { Checkpoint, CheckpointStore } from '@posthorn/local-cloud';
import type { Storage } from '@posthorn/local-storage';

/** The first letter of the rows with checkpoints. Tables and queues have others. */
const prefix = 'p/';

/** The key of the checkpoint of a mapping. */
export const checkpointKey = (name: string): string => `${prefix}${name}`;

/** Keeps the checkpoint of a mapping in the storage, so that it is never older than the queues and tables. */
export function createStoredCheckpoints(storage: Storage, name: string): CheckpointStore {
  const key = checkpointKey(name);
  return {
    async load(streamArn) {
      const text = storage.get(key);
      // Only `save` writes this row.
      const checkpoint = text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
      return checkpoint?.streamArn === streamArn ? checkpoint : undefined;
    },
    // Also on a full disk: what was handled must not be handled again.
    save: (checkpoint) =>
      storage.commit([{ type: 'put', key, value: JSON.stringify(checkpoint) }], { essential: true }),
  };
}
