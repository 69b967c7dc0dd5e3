import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrorCode } from '../../error-code.ts';

/** Where a shard goes on after a restart. */
export type ShardPosition =
  | { readonly kind: 'at' | 'after'; readonly sequenceNumber: string }
  | { readonly kind: 'done' };

/** A mapping's place in one stream. A stream that is made anew has another ARN. */
export interface Checkpoint {
  readonly streamArn: string;
  readonly shards: Readonly<Record<string, ShardPosition>>;
}

export interface CheckpointStore {
  /** Nothing if there is none, or it is another stream's. */
  load(streamArn: string): Promise<Checkpoint | undefined>;
  /** Resolves when this state, or a later one, is kept. */
  save(checkpoint: Checkpoint): Promise<void>;
}

/** Keeps a mapping's checkpoint in a file, replaced at once: a killed process finds the old one or the new one. */
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
    // Written by `save` only.
    return JSON.parse(await readFile(path, 'utf8')) as Checkpoint;
  } catch (error) {
    // One that the machine's death left half written is none: reading begins where the mapping says that it does at first.
    if (hasErrorCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** For a mapping that need not survive its process. */
export function createMemoryCheckpointStore(): CheckpointStore {
  let kept: Checkpoint | undefined;
  return {
    load: async (streamArn) => (kept?.streamArn === streamArn ? kept : undefined),
    save: async (checkpoint) => {
      kept = checkpoint;
    },
  };
}
