import type { Checkpoint, CheckpointStore } from '@posthorn/local-event-sources';
import type { Storage } from '@posthorn/local-storage';

/** The first letter of the rows with checkpoints. Tables and queues have others. */
const prefix = 'p/';

/** The key of the checkpoint of a mapping. */
export const checkpointKey = (name: string): string => `${prefix}${name}`;

/** Keeps the checkpoint of a mapping in the storage, so that it is never older than the queues and tables. */
export const createStoredCheckpoints = (storage: Storage, name: string): CheckpointStore => ({
  async load(streamArn) {
    const checkpoint = readStoredCheckpoint(storage, name);
    return checkpoint?.streamArn === streamArn ? checkpoint : undefined;
  },
  save: (checkpoint) => saveCheckpoint(storage, name, checkpoint),
});

/** Returns the checkpoint of the mapping with this name, for whichever stream it is. */
export function readStoredCheckpoint(storage: Storage, name: string): Checkpoint | undefined {
  const text = storage.get(checkpointKey(name));
  // Only `saveCheckpoint` writes this row.
  return text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
}

/** Also on a full disk: what was handled must not be handled again. */
export const saveCheckpoint = (storage: Storage, name: string, checkpoint: Checkpoint): Promise<void> =>
  storage.commit([{ type: 'put', key: checkpointKey(name), value: JSON.stringify(checkpoint) }], { essential: true });
