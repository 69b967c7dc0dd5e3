import { type RequestFailure, transactionCanceled } from '../failure.ts';

/** The failure of a transaction: a reason for each of its items, in their order, `None` where there is none. */
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
