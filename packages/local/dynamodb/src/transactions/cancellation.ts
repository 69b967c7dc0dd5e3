import { type RequestFailure, toRequestFailure, transactionCanceled } from '../failure.ts';

/**
 * Calls `work` for every part of a transaction.
 *
 * @throws TransactionCanceledException if one or more parts are rejected, with a reason for each part
 */
export function allOrCancel<Part, Result>(parts: readonly Part[], work: (part: Part) => Result): readonly Result[] {
  const results = parts.map((part) => {
    try {
      return { done: [work(part)] };
    } catch (error) {
      const failure = toRequestFailure(error);
      if (!failure) throw error;
      return { done: [], failure };
    }
  });
  const failures = results.map(({ failure }) => failure);
  if (failures.some((failure) => failure !== undefined)) throw toCancellation(failures);
  return results.flatMap(({ done }) => done);
}

/**
 * Returns the failure of a transaction. It has a reason for each item in order: `None` for an item without a failure.
 */
export function toCancellation(failures: readonly (RequestFailure | undefined)[]): RequestFailure {
  const CancellationReasons = failures.map((failure) =>
    failure ? { Code: toCode(failure), Message: failure.message, ...failure.details } : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return transactionCanceled(
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons },
  );
}

const codes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
  TransactionConflictException: 'TransactionConflict',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
  ThrottlingException: 'ThrottlingError',
};

const toCode = ({ type }: RequestFailure): string => {
  const name = type.slice(type.indexOf('#') + 1);
  return codes[name] ?? name.replace(/Exception$/, '');
};
