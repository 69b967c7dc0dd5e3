import { openStorage, type Storage } from '@posthorn/local-storage';
import { keys } from '../level/keys.ts';
import type { EmbeddedOptions } from '../options.ts';
import { createShardSignals, type ShardSignals } from '../streams/shard-signals.ts';
import { createStreamTails, type StreamTails } from '../streams/stream-tails.ts';
import { createTrimMarks, type TrimMarks } from '../streams/trim-marks.ts';
import { inBackground, type Tasks } from './background.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { createExpiryMarks, type ExpiryMarks } from './expiry-marks.ts';
import { findLastRow } from './find-last-row.ts';
import { createRowCache, type RowCache } from './row-cache.ts';
import { createRowFilter, type RowFilter } from './row-filter.ts';
import { createSequences, type Sequences } from './sequences.ts';

/** The state that all operations share. */
export interface State extends Tasks {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly region: string;
  readonly shardsPerStream: number;
  readonly streamWaitMs: number;
  readonly signals: ShardSignals;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sequences: Sequences;
  /** The items of the newest writes and reads. */
  readonly rows: RowCache;
  readonly filter: RowFilter;
  /** The newest stream records. */
  readonly tails: StreamTails;
  readonly trimMarks: TrimMarks;
  readonly expiries: ExpiryMarks;
  readonly essentialTables: ReadonlySet<string>;
}

const format = '1';

/** Bytes of items in memory. */
const rowCacheBytes = 2 * 1_024 * 1_024;
/** Bytes of records in memory for each shard: a few seconds at full speed. */
const tailBytes = 512 * 1_024;

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
  const sequences = createSequences(Number(storage.get(keys.lastSequence) ?? 0), Date.now());
  const tasks: Tasks = { background: new Set(), stop: new AbortController() };
  return {
    storage,
    catalogue: await loadCatalogue(storage),
    region: options.region ?? 'us-east-1',
    shardsPerStream: options.shardsPerStream ?? 1,
    streamWaitMs: options.streamWaitMs ?? 0,
    signals: createShardSignals(),
    now: Date.now,
    sequences,
    rows: createRowCache(rowCacheBytes),
    filter: createRowFilter((start, found) =>
      inBackground(tasks, async () => found(await findLastRow(storage, start))),
    ),
    tails: createStreamTails(sequences.last() + 1, tailBytes),
    trimMarks: createTrimMarks(storage),
    expiries: createExpiryMarks(),
    ...tasks,
    essentialTables: options.essentialTables ?? new Set(),
  };
}
