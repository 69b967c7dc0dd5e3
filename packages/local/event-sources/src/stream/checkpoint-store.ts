import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLatestWriter } from './latest-writer.ts';

/** Where reading a shard continues after a restart. */
export type ShardPosition =
  | { readonly kind: 'at' | 'after'; readonly sequenceNumber: string }
  | { readonly kind: 'done' };

/** The position of a mapping in a stream. A stream that is created again has another ARN. */
export interface Checkpoint {
  readonly streamArn: string;
  readonly shards: Readonly<Record<string, ShardPosition>>;
}

export interface CheckpointStore {
  /** Returns nothing if there is no checkpoint for this stream. */
  load(streamArn: string): Promise<Checkpoint | undefined>;
  /** Resolves when this state or a later one is saved. */
  save(checkpoint: Checkpoint): Promise<void>;
}

/**
 * Keeps the checkpoint of a mapping in a file. A save replaces the whole file, so a kill leaves the old or the new
 * state.
 */
export const createFileCheckpointStore = (path: string): CheckpointStore => ({
  load: async (streamArn) => {
    const checkpoint = await readCheckpoint(path);
    return checkpoint?.streamArn === streamArn ? checkpoint : undefined;
  },
  save: createLatestWriter<Checkpoint>(async (checkpoint) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.next`, JSON.stringify(checkpoint));
    await rename(`${path}.next`, path);
  }),
});

async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    // Only `save` writes this file.
    return JSON.parse(await readFile(path, 'utf8')) as Checkpoint;
  } catch (error) {
    // A crash of the machine can leave a half-written file. It counts as none: reading begins at the starting position.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Keeps the checkpoint in memory, for a mapping that need not survive its process. */
export function createMemoryCheckpointStore(): CheckpointStore {
  let kept: Checkpoint | undefined;
  return {
    load: async (streamArn) => (kept?.streamArn === streamArn ? kept : undefined),
    save: async (checkpoint) => {
      kept = checkpoint;
    },
  };
}
