import type { CountedAttempt, Failure } from '@posthorn/core';
import { tryConditionalWrite } from '../rows/row-access.ts';
import type { Store } from '../store.ts';
import { countAttribute, hourKey, hourOf } from './hour-row.ts';
import { type PlannedTime, plannedTimeFor, toHourUpdate, withoutCounted } from './hour-update.ts';

/** DynamoDB accepts expressions of up to 4 KB. */
const maxCountsInUpdate = 100;
const concurrentRows = 25;
/** Sequence numbers have up to 40 digits. */
const sequenceLength = 40;

export interface CountingStore extends Pick<Store, 'client'> {
  readonly TableName: string;
  readonly keptDays: number;
  /** Leaves out attempts of one row that an earlier version has counted. */
  readonly withoutEarlier: (attempts: readonly CountedAttempt[]) => Promise<readonly CountedAttempt[]>;
}

/** Adds attempts to their rows. Returns those of the rows that could not be written. */
export async function countAttempts(
  store: CountingStore,
  attempts: readonly CountedAttempt[],
): Promise<readonly Failure<CountedAttempt>[]> {
  const rows = groupByRow(attempts);
  const failures: Failure<CountedAttempt>[] = [];
  for (let start = 0; start < rows.length; start += concurrentRows) {
    const written = rows.slice(start, start + concurrentRows).map((row) => tryToAdd(store, row));
    failures.push(...(await Promise.all(written)).flat());
  }
  return failures;
}

/** Groups the attempts by the row that counts them: each sequence number of a source once, in order. */
function groupByRow(attempts: readonly CountedAttempt[]): readonly (readonly CountedAttempt[])[] {
  const inOrder = attempts
    .map((attempt) => ({ attempt, order: attempt.sequenceNumber.padStart(sequenceLength, '0') }))
    .toSorted((one, other) => (one.order < other.order ? -1 : 1));
  const rows = new Map<string, Map<string, CountedAttempt>>();
  for (const { attempt, order } of inOrder) {
    const { hour } = hourKey(attempt, hourOf(attempt.attemptedAt));
    const key = `${attempt.applicationId} ${hour}`;
    rows.set(key, (rows.get(key) ?? new Map()).set(`${attempt.source} ${order}`, attempt));
  }
  return [...rows.values()].map((row) => [...row.values()]);
}

/** After a failure nothing behind it is written: its marks would leave out the attempts before it. */
async function tryToAdd(
  store: CountingStore,
  attempts: readonly CountedAttempt[],
): Promise<readonly Failure<CountedAttempt>[]> {
  let written = 0;
  try {
    for (const part of cutByCounts(attempts)) {
      await addToRow(store, part);
      written += part.length;
    }
    return [];
  } catch (error) {
    return attempts.slice(written).map((entry) => ({ entry, error }));
  }
}

/** Cuts attempts into parts that change few enough counts for one update. Nearly always this is one part. */
function cutByCounts(attempts: readonly CountedAttempt[]): readonly (readonly CountedAttempt[])[] {
  const parts: CountedAttempt[][] = [];
  let counts = new Set<string>();
  for (const attempt of attempts) {
    const attribute = countAttribute(attempt);
    if (parts.length === 0 || (counts.size === maxCountsInUpdate && !counts.has(attribute))) {
      parts.push([]);
      counts = new Set();
    }
    counts.add(attribute);
    parts.at(-1)?.push(attempt);
  }
  return parts;
}

async function addToRow(store: CountingStore, attempts: readonly CountedAttempt[]): Promise<void> {
  const { client, TableName, keptDays } = store;
  let rest = await store.withoutEarlier(attempts);
  let plannedTime: PlannedTime = 'keep';
  while (rest.length > 0) {
    const update = toHourUpdate({ TableName, attempts: rest, plannedTime, keptDays });
    const written = await tryConditionalWrite(client.send(update));
    if (!written.refused) return;
    if (Object.keys(written.by).length === 0)
      throw new Error(`${TableName} did not return the row of a refused update`);
    rest = withoutCounted(rest, written.by);
    if (rest.length === 0) return;
    plannedTime = plannedTimeFor(rest, written.by);
  }
}
