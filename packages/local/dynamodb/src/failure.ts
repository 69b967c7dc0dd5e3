import { StorageFull, StorageReopening, StorageWriteFailed } from '@posthorn/local-storage';
import type { Body } from './values.ts';

const service = 'com.amazonaws.dynamodb.v20120810';

/** Thrown for a rejected request, with the error name and message of DynamoDB. */
export class RequestFailure extends Error {
  /** Name of the error with its namespace, as in `__type`. */
  readonly type: string;
  readonly statusCode: number;
  readonly details: Body;

  constructor(type: string, message: string, details: Body = {}, statusCode = 400) {
    super(message);
    this.name = 'RequestFailure';
    this.type = type;
    this.details = details;
    this.statusCode = statusCode;
  }
}

const failure =
  (name: string, namespace = service) =>
  (message: string, details?: Body): RequestFailure =>
    new RequestFailure(`${namespace}#${name}`, message, details);

export const validationFailure = failure('ValidationException', 'com.amazon.coral.validate');
export const conditionalCheckFailure = failure('ConditionalCheckFailedException');
export const limitExceeded = failure('LimitExceededException');
export const resourceInUse = failure('ResourceInUseException');
export const resourceNotFound = failure('ResourceNotFoundException');
export const idempotentParameterMismatch = failure('IdempotentParameterMismatchException');
export const transactionCanceled = failure('TransactionCanceledException');
export const transactionConflict = failure('TransactionConflictException');
export const throughputExceeded = failure('ProvisionedThroughputExceededException');
export const expiredIterator = failure('ExpiredIteratorException');
export const trimmedDataAccess = failure('TrimmedDataAccessException');
export const accessDenied = failure('AccessDeniedException', 'com.amazon.coral.service');
export const internalServerError = (message: string): RequestFailure =>
  new RequestFailure(`${service}#InternalServerError`, message, {}, 500);

/**
 * The disk is full. DynamoDB has no such error. Clients count the status as an outage, but do not try again at once, as
 * they do after a 500.
 */
const insufficientStorage = (message: string): RequestFailure =>
  new RequestFailure(`${service}#InsufficientStorageException`, message, {}, 507);

/** An error of dynalite, with the status and body of the response. */
interface DynaliteFailure {
  readonly statusCode: number;
  readonly body: Body;
}

/** Returns the failure for an error, or nothing if the error is a bug in this package. */
export function toRequestFailure(error: unknown): RequestFailure | undefined {
  if (error instanceof RequestFailure) return error;
  if (error instanceof StorageFull) return insufficientStorage(error.message);
  if (error instanceof StorageWriteFailed || error instanceof StorageReopening)
    return internalServerError(error.message);
  if (!isDynaliteFailure(error)) return undefined;
  const { __type, message, Message, ...details } = error.body;
  return new RequestFailure(String(__type), reword(String(message ?? Message ?? '')), details, error.statusCode);
}

/** Returns the failure to respond with. A bug in this package is reported as a warning, and becomes an internal error. */
export function toAnsweredFailure(error: unknown): RequestFailure {
  const failure = toRequestFailure(error);
  if (failure) return failure;
  process.emitWarning(`dynamodb-embedded: ${error instanceof Error ? error.stack : String(error)}`);
  return internalServerError('Internal server error');
}

/** Adds the parts of DynamoDB's messages that dynalite lacks. */
const reword = (message: string): string =>
  message
    .replace(/; operator: (ADD|DELETE), operand type: \w+$/, '$&, typeSet: ALLOWED_FOR_$1_OPERAND')
    .replace(
      /^(Invalid UpdateExpression: )Invalid function name(; function: (size|attribute_\w+|begins_with|contains))$/,
      '$1The function is not allowed in an update expression$2',
    );

const isDynaliteFailure = (error: unknown): error is DynaliteFailure =>
  error instanceof Error && 'statusCode' in error && 'body' in error;
