import { keys, ranges, sequenceOf } from '../level/keys.ts';
import type { State } from '../state/state.ts';
import { retentionMs, type Stream } from '../streams/stream.ts';

/** If the store was closed for a day, readers get this much time for records that they have not read yet. */
const firstTrimAfterMs = 60 * 60 * 1_000;

/** Returns a function that trims the streams. It does nothing in the first hour after the store was opened. */
export function createTrimming(state: State): () => Promise<void> {
  const openedAt = state.now();
  return async () => {
    if (state.now() - openedAt >= firstTrimAfterMs) await trimStreams(state);
  };
}

/** Removes records a day after their change, and streams a day after they were closed. */
export async function trimStreams(state: State): Promise<void> {
  for (const stream of state.catalogue.streams()) {
    const horizon = state.now() - retentionMs;
    if (stream.closed && stream.closed.at < horizon) await removeStream(state, stream);
    else for (let shard = 0; shard < stream.shardIds.length; shard += 1) await trimShard(state, stream, shard, horizon);
  }
}

async function removeStream({ storage, catalogue, tails }: State, { id }: Stream): Promise<void> {
  tails.remove(id);
  await storage.clear(ranges.records(id));
  await storage.clear(ranges.trimMarks(id));
  await catalogue.save({ removedStream: id });
}

async function trimShard({ storage }: State, { id }: Stream, shard: number, horizon: number): Promise<void> {
  for await (const rows of storage.rows(ranges.recordsFrom(id, shard, 0))) {
    // Only `planRecord` creates these rows. They are in the order of time.
    const young = rows.findIndex(([, text]) => (JSON.parse(text) as { readonly at: number }).at >= horizon);
    const old = young < 0 ? rows : rows.slice(0, young);
    const lastKey = old.at(-1)?.[0];
    if (lastKey !== undefined) {
      const trimmed = { type: 'put', key: keys.trimmed(id, shard), value: String(sequenceOf(lastKey)) } as const;
      await storage.commit([...old.map(([key]) => ({ type: 'del', key }) as const), trimmed], { essential: true });
    }
    if (young >= 0) return;
  }
}
