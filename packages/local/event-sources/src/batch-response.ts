import { isJsonObject } from './json.ts';

/** The outcome of a batch, as Lambda reads it from the function's response. */
export type BatchOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'partly-failed'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'failed'; readonly reason: string };

export interface BatchResponse {
  readonly result: unknown;
  /** Ids of the records in the batch: message ids for a queue, sequence numbers for a stream. */
  readonly ids: ReadonlySet<string>;
  /** Whether the mapping has `ReportBatchItemFailures`. Without it, any response means success. */
  readonly reportFailures: boolean;
}

/**
 * Reads the response of a function. Nothing, `{}` and an empty or absent list mean success. If the list does not match
 * the batch, the whole batch has failed.
 */
export function readBatchResponse({ result, ids, reportFailures }: BatchResponse): BatchOutcome {
  if (!reportFailures || result === null || result === undefined) return { kind: 'succeeded' };
  if (Array.isArray(result) && result.length === 0) return { kind: 'succeeded' };
  if (!isJsonObject(result)) return { kind: 'failed', reason: 'the response is not an object' };
  return readFailures(result.batchItemFailures, ids);
}

function readFailures(failures: unknown, ids: ReadonlySet<string>): BatchOutcome {
  if (failures === null || failures === undefined) return { kind: 'succeeded' };
  if (!Array.isArray(failures)) return { kind: 'failed', reason: 'batchItemFailures is not a list' };
  const failed = new Set<string>();
  for (const failure of failures) {
    const id: unknown = isJsonObject(failure) ? failure.itemIdentifier : undefined;
    if (typeof id !== 'string' || !ids.has(id)) {
      return { kind: 'failed', reason: `itemIdentifier ${JSON.stringify(id)} is not in this batch` };
    }
    failed.add(id);
  }
  return failed.size === 0 ? { kind: 'succeeded' } : { kind: 'partly-failed', ids: failed };
}
