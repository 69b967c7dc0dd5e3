import { keys, ranges, sequenceOf } from '../level/keys.ts';
import type { State } from '../state/state.ts';
import type { Stream } from '../streams/stream.ts';
import { horizonOf, noteOpen, noteOpening, type OpenTime } from './open-time.ts';

/** How often streams are trimmed, and how often the open time is stored if no records are held. */
const everyMs = 60_000;

/** Trims the streams, and stores how long the store has been open. */
export interface Trimming {
  /** Called every few seconds. The time since the last call counts as open, so short lives of a process count too. */
  tick(): Promise<void>;
  /** Called before the store closes. */
  stop(): Promise<void>;
}

export function createTrimming(state: State): Trimming {
  const { storage, now } = state;
  const text = storage.get(keys.openTime);
  // Only `save` writes this row.
  let time = noteOpening(text === undefined ? undefined : (JSON.parse(text) as OpenTime), now());
  let savedAt = Number.NEGATIVE_INFINITY;
  let trimmedAt = Number.NEGATIVE_INFINITY;
  const save = async (): Promise<void> => {
    await storage.commit([{ type: 'put', key: keys.openTime, value: JSON.stringify(time) }], { essential: true });
    savedAt = time.seenAt;
  };
  const isDue = (last: number): boolean => Math.abs(time.seenAt - last) >= everyMs;
  return {
    async tick() {
      const hadHeld = time.held.length > 0;
      time = noteOpen(time, now());
      if (hadHeld || isDue(savedAt)) await save();
      if (!isDue(trimmedAt)) return;
      trimmedAt = time.seenAt;
      await trimStreams(state, horizonOf(time));
    },
    stop: () => {
      time = noteOpen(time, now());
      return save();
    },
  };
}

/** Removes records from before a time, and streams that were closed before it. */
export async function trimStreams(state: State, horizon: number): Promise<void> {
  for (const stream of state.catalogue.streams()) {
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

async function trimShard({ storage, trimMarks }: State, { id }: Stream, shard: number, horizon: number): Promise<void> {
  // Behind what is already trimmed: LevelDB would go over the deleted rows.
  const first = trimMarks.of(id, shard) + 1;
  for await (const rows of storage.rows(ranges.recordsFrom(id, shard, first))) {
    // They are in the order of time.
    const young = rows.findIndex(([, text]) => timeOf(text) >= horizon);
    const old = young < 0 ? rows : rows.slice(0, young);
    const lastKey = old.at(-1)?.[0];
    if (lastKey !== undefined) {
      const last = sequenceOf(lastKey);
      const trimmed = { type: 'put', key: keys.trimmed(id, shard), value: String(last) } as const;
      await storage.commit([...old.map(([key]) => ({ type: 'del', key }) as const), trimmed], { essential: true });
      trimMarks.note(id, shard, last);
    }
    if (young >= 0) return;
  }
}

/** Returns the time of a stored record, which begins with it. Only `planRecord` creates these rows. */
const timeOf = (text: string): number => Number.parseInt(text.slice('{"at":'.length), 10);
