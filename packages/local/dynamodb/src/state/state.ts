import { openStorage, type Storage } from '@posthorn/local-storage';
import { keys } from '../level/keys.ts';
import type { EmbeddedOptions } from '../options.ts';
import { createShardSignals, type ShardSignals } from '../streams/shard-signals.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';

/** The state that all operations share. */
export interface State {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly region: string;
  readonly shardsPerStream: number;
  readonly streamWaitMs: number;
  readonly signals: ShardSignals;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Returns a new sequence number for a stream record. All streams share the numbers. */
  readonly nextSequence: () => number;
  /** Returns the sequence number of the last planned record. */
  readonly lastSequence: () => number;
  /** Running work in the background, such as filling a new index. */
  readonly background: Set<Promise<void>>;
  /** Ends work in the background that waits. */
  readonly stop: AbortController;
  readonly essentialTables: ReadonlySet<string>;
}

const format = '1';

/** The folder has a format that this version cannot read. */
export class FormatUnknown extends Error {
  constructor(folder: string, found: string) {
    super(`${folder} has format ${found}, but this version reads only format ${format}. Choose another folder`);
    this.name = 'FormatUnknown';
  }
}

/** @throws FolderInUse, FormatUnknown */
export async function openState(options: EmbeddedOptions): Promise<State> {
  const storage = options.storage ?? (await openStorage(options));
  const found = storage.get(keys.format);
  if (found !== undefined && found !== format) {
    if (!options.storage) await storage.close();
    throw new FormatUnknown(options.folder ?? '', found);
  }
  if (found === undefined)
    await storage.commit([{ type: 'put', key: keys.format, value: format }], { essential: true });
  let sequence = Number(storage.get(keys.lastSequence) ?? 0);
  return {
    storage,
    catalogue: await loadCatalogue(storage),
    region: options.region ?? 'us-east-1',
    shardsPerStream: options.shardsPerStream ?? 1,
    streamWaitMs: options.streamWaitMs ?? 0,
    signals: createShardSignals(),
    now: Date.now,
    nextSequence: () => {
      sequence += 1;
      return sequence;
    },
    lastSequence: () => sequence,
    background: new Set(),
    stop: new AbortController(),
    essentialTables: options.essentialTables ?? new Set(),
  };
}
