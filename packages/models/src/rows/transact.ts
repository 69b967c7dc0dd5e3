import {
  type CancellationReason,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Store } from '../store.ts';
import { retryDelay } from './retry-delay.ts';

const maxTries = 12;
const passingReasons = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/**
 * Writes all of the items or none. Returns the indexes of the items with an unmet condition: empty if all were
 * written. If the transaction conflicts with another one, it is tried again.
 */
export async function transact(
  { client }: Pick<Store, 'client'>,
  items: readonly TransactWriteItem[],
): Promise<readonly number[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const unmet = unmetConditions(reasons);
      if (unmet.length > 0) return unmet;
      const isPassing = reasons.some(({ Code }) => Code !== undefined && passingReasons.includes(Code));
      if (!isPassing || tries === maxTries) throw error;
      await retryDelay(tries);
    }
  }
}

const unmetConditions = (reasons: readonly CancellationReason[]): readonly number[] =>
  reasons.flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [index] : []));
