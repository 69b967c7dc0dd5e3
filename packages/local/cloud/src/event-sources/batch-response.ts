import { isJsonObject } from './json.ts';

/** How a function did with a batch, as Lambda reads its answer. */
export type BatchOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'partly-failed'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'failed'; readonly reason: string };

export interface BatchResponse {
  readonly result: unknown;
  /** Of the batch's records: message ids of a queue's, sequence numbers of a stream's. */
  readonly ids: ReadonlySet<string>;
  /** Whether the mapping has `ReportBatchItemFailures`: without it, any answer is success. */
  readonly reportFailures: boolean;
}

/**
 * Nothing, `{}` and an empty or absent list are success; a list that Lambda cannot match with the batch is the failure of
 * the whole batch.
 */
export function readBatchResponse({ result, ids, reportFailures }: BatchResponse): BatchOutcome {
  if (!reportFailures || result === null || result === undefined) return { kind: 'succeeded' };
  if (Array.isArray(result) && result.length === 0) return { kind: 'succeeded' };
  if (!isJsonObject(result)) return { kind: 'failed', reason: 'the answer is not an object' };
  return readFailures(result.batchItemFailures, ids);
}

function readFailures(failures: unknown, ids: ReadonlySet<string>): BatchOutcome {
  if (failures === null || failures === undefined) return { kind: 'succeeded' };
  if (!Array.isArray(failures)) return { kind: 'failed', reason: 'batchItemFailures is not a list' };
  const failed = new Set<string>();
  for (const failure of failures) {
    const id: unknown = isJsonObject(failure) ? failure.itemIdentifier : undefined;
    if (typeof id !== 'string' || !ids.has(id)) {
      return { kind: 'failed', reason: `itemIdentifier ${JSON.stringify(id)} is not of this batch` };
    }
    failed.add(id);
  }
  return failed.size === 0 ? { kind: 'succeeded' } : { kind: 'partly-failed', ids: failed };
}
