import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrorCode } from '../../error-code.ts';

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
export function createFileCheckpointStore(path: string): CheckpointStore {
  let latest: Checkpoint | undefined;
  let writing: Promise<void> | undefined;
  const write = async () => {
    await mkdir(dirname(path), { recursive: true });
    while (latest !== undefined) {
      const text = JSON.stringify(latest);
      latest = undefined;
      await writeFile(`${path}.next`, text);
      await rename(`${path}.next`, path);
    }
  };
  return {
    load: async (streamArn) => {
      const checkpoint = await readCheckpoint(path);
      return checkpoint?.streamArn === streamArn ? checkpoint : undefined;
    },
    save(checkpoint) {
      latest = checkpoint;
      writing ??= write().finally(() => {
        writing = undefined;
      });
      return writing;
    },
  };
}

async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    // Only `save` writes this file.
    return JSON.parse(await readFile(path, 'utf8')) as Checkpoint;
  } catch (error) {
    // A crash of the machine can leave a half-written file. It counts as none: reading begins at the starting position.
    if (hasErrorCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
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
