import type { Input } from './context.ts';
import { SqsFailure, toFailure } from './failure.ts';

export interface BatchEntry extends Input {
  readonly Id: string;
}

const maxEntries = 10;

/** Checks the entries of a batch request. */
export function requireEntries({ Entries }: Input): readonly BatchEntry[] {
  if (!Array.isArray(Entries) || Entries.length === 0)
    throw new SqsFailure('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (Entries.length > maxEntries)
    throw new SqsFailure(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maxEntries}. You have sent ${Entries.length}.`,
    );
  const ids = new Set<unknown>();
  for (const { Id } of Entries) {
    if (typeof Id !== 'string' || !/^[\w-]{1,80}$/.test(Id))
      throw new SqsFailure(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. ' +
          'It can be at most 80 letters long.',
      );
    if (ids.has(Id)) throw new SqsFailure('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
  return Entries;
}

interface FailedEntry {
  readonly Id: string;
  readonly Code: string;
  readonly Message: string;
  readonly SenderFault: boolean;
}

/** Prepares each entry. Returns those that could be prepared, and the failed ones for the response. */
export function prepareEntries<Prepared>(
  entries: readonly BatchEntry[],
  prepare: (entry: BatchEntry) => Prepared,
): { readonly prepared: readonly { Id: string; value: Prepared }[]; readonly failed: readonly FailedEntry[] } {
  const prepared: { Id: string; value: Prepared }[] = [];
  const failed: FailedEntry[] = [];
  for (const entry of entries) {
    try {
      prepared.push({ Id: entry.Id, value: prepare(entry) });
    } catch (error) {
      failed.push(toFailedEntry(entry.Id, error));
    }
  }
  return { prepared, failed };
}

export function toFailedEntry(Id: string, error: unknown): FailedEntry {
  const { name, message, $fault } = toFailure(error);
  return { Id, Code: name, Message: message, SenderFault: $fault === 'client' };
}

/** A batch's response. The SDK leaves `Failed` out if nothing has failed. */
export const toBatchResponse = (Successful: readonly object[], Failed: readonly FailedEntry[]): object => ({
  Successful,
  ...(Failed.length === 0 ? {} : { Failed }),
});
