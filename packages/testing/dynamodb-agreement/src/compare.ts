import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { answer } from './answer.ts';
import { clearTables } from './clear.ts';
import { asAws, haveParted, withCanonicalNumbers } from './known-differences.ts';
import type { Answer } from './normalise.ts';
import type { Operation } from './operation.ts';
import type { Store } from './store.ts';
import { byKey, openStream, type StreamReader } from './stream.ts';
import { createTables, type Table, tables } from './tables.ts';

/** Two answers that differ. */
export interface Difference {
  readonly operation: Operation | 'stream';
  readonly embedded: Answer;
  readonly local: Answer;
}

export interface Comparison {
  /** Performs the sequence on both stores, with empty tables, and yields every difference. */
  differences(operations: readonly Operation[]): AsyncGenerator<Difference, void>;
  /** What was compared so far. */
  readonly compared: { operations: number; refusals: number; records: number };
}

const same = (one: unknown, other: unknown) => isDeepStrictEqual(one, other);

/**
 * Creates the tables on both stores and follows their streams.
 *
 * @param reference - `DynamoDB Local` has known differences; an embedded store has none
 */
export async function openComparison(
  embedded: Store,
  local: Store,
  reference: 'DynamoDB Local' | 'embedded' = 'DynamoDB Local',
): Promise<Comparison> {
  const isLocal = reference === 'DynamoDB Local';
  const both = [embedded, local];
  await Promise.all(both.map(createTables));
  const readers = await Promise.all(both.map(openStreams));
  const compared = { operations: 0, refusals: 0, records: 0 };
  let clean = true;
  let touched: readonly Table[] = [];

  async function* differences(operations: readonly Operation[]): AsyncGenerator<Difference, void> {
    const run = randomUUID().slice(0, 18);
    const before = touched;
    await Promise.all(both.map(({ dynamodb }) => clearTables(dynamodb, before)));
    touched = tablesOf(operations);
    const names = [...new Set([...before, ...touched])].map(({ name }) => name);
    // Skips stream records that are left from a sequence that ended early.
    if (!clean) await readBoth(readers, names);
    clean = false;
    for (const operation of operations) {
      const answers = await Promise.all(both.map((store) => answer(store, operation, run)));
      const [ours, found] = pair(answers);
      const pairOfAnswers = { operation, embedded: ours, local: found };
      if (isLocal && haveParted(pairOfAnswers)) return;
      const theirs = isLocal ? asAws(pairOfAnswers) : found;
      compared.operations += 1;
      if ('refusal' in theirs) compared.refusals += 1;
      if (!same(ours, theirs)) yield { operation, embedded: ours, local: theirs };
    }
    const [ours, theirs] = await readBoth(readers, names);
    compared.records += theirs.length;
    const [embeddedRecords, localRecords] = [byKey(ours), byKey(theirs, isLocal ? withCanonicalNumbers : undefined)];
    if (!same(embeddedRecords, localRecords)) {
      yield { operation: 'stream', embedded: { output: embeddedRecords }, local: { output: localRecords } };
    }
    clean = true;
  }

  return { compared, differences };
}

type Readers = ReadonlyMap<string, StreamReader>;

async function openStreams({ streams }: Store): Promise<Readers> {
  const opened = await Promise.all(
    tables.map(async ({ name }): Promise<[string, StreamReader]> => [name, await openStream(streams, name)]),
  );
  return new Map(opened);
}

// A store may show a record a moment after the write.
const pauses = [0, 20, 100, 500, 2_000, 5_000];

const tablesOf = (operations: readonly Operation[]): readonly Table[] => {
  const text = JSON.stringify(operations);
  return tables.filter(({ name }) => text.includes(`"${name}"`));
};

/** Reads the new records in the streams of the tables, in both stores. */
async function readBoth(readers: readonly Readers[], names: readonly string[]): Promise<[Records, Records]> {
  const found: [Records, Records] = [[], []];
  for (const pause of pauses) {
    await wait(pause);
    for (const [place, some] of readers.entries()) {
      for (const name of names) found[place]?.push(...((await some.get(name)?.readNew()) ?? []));
    }
    if (found[0].length === found[1].length) break;
  }
  return found;
}

type Records = Awaited<ReturnType<StreamReader['readNew']>>[number][];

function pair<T>(list: readonly T[]): [T, T] {
  const [first, second] = list;
  if (first === undefined || second === undefined) throw new Error('a comparison needs two answers');
  return [first, second];
}
