/**
 * Thrown when something outside did not do its part: a queue did not accept an entry, or a service did not answer. The
 * same work can succeed later.
 */
export class PassingError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PassingError';
  }
}

/** Thrown when something of our own has too much to do just now. The same work can succeed in some seconds. */
export class BusyError extends PassingError {}

/** Error names of AWS clients, of Node, and of this repository. */
const passingNames: ReadonlySet<string> = new Set([
  'PassingError',
  // Time limits.
  'AbortError',
  'DependencyTimeoutException',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  // Throttles.
  'BandwidthLimitExceeded',
  'KmsThrottled',
  'LimitExceededException',
  'OverLimit',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingError',
  'ThrottlingException',
  'TooManyRequestsException',
  // Conflicts with another write.
  'ReplicatedWriteConflictException',
  'ResourceInUseException',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  // Outages that are reported without a status.
  'InsufficientStorageException',
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'KeyUnavailableException',
  'NetworkingError',
  'ServiceUnavailable',
  // The installation: an operator repairs it, and no message may be lost until then.
  'AccessDenied',
  'AccessDeniedException',
  'AWS.SimpleQueueService.NonExistentQueue',
  'CredentialsProviderError',
  'DisabledException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'KMSInvalidStateException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'QueueDoesNotExist',
  'RequestExpired',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
]);

/** Error codes of Node's files, of its network and of its HTTP clients. */
const passingCodes: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** The disk is full, or the share of it that this user may fill. */
const fullDiskCodes: ReadonlySet<string> = new Set(['EDQUOT', 'ENOSPC']);

const requestTimeout = 408;
const tooManyRequests = 429;
const firstServerError = 500;

/** The most causes of an error that are read: enough for every client, and it ends a circular chain. */
const maxCauses = 8;

/**
 * Whether an error can go away with time. Any other error comes again with the same data.
 *
 * Passing errors are outages, throttles, conflicts, time limits, and a broken installation (a missing permission, table
 * or queue): try again until the record is too old, never by count. Everything else is permanent: the data or our own
 * code causes it (a `TypeError`, a row that cannot be decoded, a request that AWS refuses as invalid). Set the record or
 * delivery that has the error aside at once, with the reason, and go on with the others.
 *
 * An error is also passing if one of its causes is. A cancelled transaction is passing if it conflicted with another one
 * or was throttled, and no condition of its own failed.
 *
 * @example
 * isPassingError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })) // => true
 * isPassingError(new TypeError('x is not a function')) // => false
 */
export function isPassingError(error: unknown): boolean {
  let link = error;
  for (let depth = 0; depth < maxCauses && isObject(link); depth += 1) {
    if (isPassing(link)) return true;
    link = link.cause;
  }
  return false;
}

/** Whether an error says that the store has no space for new data (only on one machine). It is passing too. */
export function isOutOfSpace(error: unknown): boolean {
  let link = error;
  for (let depth = 0; depth < maxCauses && isObject(link); depth += 1) {
    if (link.name === 'InsufficientStorageException' || isOneOf(fullDiskCodes, link.code)) return true;
    link = link.cause;
  }
  return false;
}

/** Fields that AWS clients and Node give their errors. None of them is certain. */
interface ErrorFields {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: unknown;
  readonly CancellationReasons?: unknown;
}

const isObject = (value: unknown): value is ErrorFields => typeof value === 'object' && value !== null;

function isPassing(error: ErrorFields): boolean {
  if (error.name === 'TransactionCanceledException') return isPassingCancellation(error.CancellationReasons);
  return (
    isOneOf(passingNames, error.name) ||
    isOneOf(passingNames, error.code) ||
    isOneOf(passingCodes, error.code) ||
    isOneOf(fullDiskCodes, error.code) ||
    isPassingStatus(error.$metadata)
  );
}

const isOneOf = (known: ReadonlySet<string>, value: unknown): boolean => typeof value === 'string' && known.has(value);

function isPassingStatus(metadata: unknown): boolean {
  const status = isObject(metadata) && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  if (typeof status !== 'number') return false;
  return status === requestTimeout || status === tooManyRequests || status >= firstServerError;
}

/** The reasons of the items that stopped a transaction; the others have the code `None`. */
function isPassingCancellation(reasons: unknown): boolean {
  if (!Array.isArray(reasons)) return false;
  const codes = reasons.map((reason: unknown) => (isObject(reason) && 'Code' in reason ? reason.Code : undefined));
  const stopping = codes.filter((code) => code !== undefined && code !== 'None');
  return stopping.length > 0 && stopping.every((code) => isOneOf(passingNames, code));
}
