import { isOutOfSpace, isPassingError, PassingError } from './passing-error.ts';

const anError = (fields: object) => Object.assign(new Error('text that nobody reads'), fields);
const errorNamed = (name: string) => anError({ name });
const awsError = (name: string, httpStatusCode: number) => anError({ name, $metadata: { httpStatusCode } });
const cancelledBy = (...codes: readonly (string | undefined)[]) =>
  anError({ name: 'TransactionCanceledException', CancellationReasons: codes.map((Code) => ({ Code })) });

describe('isOutOfSpace', () => {
  it('finds the store’s error among the causes', () => {
    const cause = awsError('InsufficientStorageException', 507);
    expect(isOutOfSpace(new PassingError('the message was not stored', { cause }))).toBe(true);
    expect(isOutOfSpace(awsError('InternalServerError', 500))).toBe(false);
  });

  it.each(['EDQUOT', 'ENOSPC'])('knows the code %s of a file', (code) => {
    expect(isOutOfSpace(anError({ code }))).toBe(true);
  });

  it.each(['EMFILE', 'ENFILE'])('is false for %s: another file can be closed', (code) => {
    expect(isOutOfSpace(anError({ code }))).toBe(false);
  });
});

describe('isPassingError', () => {
  it.each([
    ['a queue that did not take an entry', new PassingError('the queue did not take the entry')],
    ['a time limit of ours', AbortSignal.abort().reason],
    ['a time limit of a client', errorNamed('TimeoutError')],
    ['a time limit of DynamoDB', errorNamed('RequestTimeoutException')],
    ['a time limit behind KMS', errorNamed('DependencyTimeoutException')],
    ['a time limit of SQS', errorNamed('RequestTimeout')],
  ])('is true for %s', (_, error) => {
    expect(isPassingError(error)).toBe(true);
  });

  it.each([
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
  ])('is true for the throttle %s', (name) => {
    expect(isPassingError(awsError(name, 400))).toBe(true);
  });

  it.each([
    'ReplicatedWriteConflictException',
    'ResourceInUseException',
    'TransactionConflict',
    'TransactionConflictException',
    'TransactionInProgressException',
  ])('is true for the conflict %s', (name) => {
    expect(isPassingError(awsError(name, 400))).toBe(true);
  });

  it.each([
    'InsufficientStorageException',
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'KeyUnavailableException',
    'NetworkingError',
    'ServiceUnavailable',
  ])('is true for the outage %s, with or without a status', (name) => {
    expect(isPassingError(errorNamed(name))).toBe(true);
  });

  it.each([
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
  ])('is true for the broken installation %s, which an operator repairs', (name) => {
    expect(isPassingError(awsError(name, 400))).toBe(true);
  });

  it.each([
    'EADDRNOTAVAIL',
    'EAI_AGAIN',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EDQUOT',
    'EHOSTDOWN',
    'EHOSTUNREACH',
    'EMFILE',
    'ENETDOWN',
    'ENETUNREACH',
    'ENFILE',
    'ENOBUFS',
    'ENOSPC',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_SOCKET',
  ])('is true for the network error %s', (code) => {
    expect(isPassingError(anError({ code }))).toBe(true);
  });

  it('knows a throttle by its code too', () => {
    expect(isPassingError(anError({ code: 'ThrottlingException' }))).toBe(true);
  });

  it.each([408, 429, 500, 503, 599])('is true for an unknown AWS error with the status %i', (status) => {
    expect(isPassingError(awsError('SomethingNew', status))).toBe(true);
  });

  it.each([200, 400, 404, 407, 409, 413, 428, 430, 499])('is false for one with the status %i', (status) => {
    expect(isPassingError(awsError('SomethingNew', status))).toBe(false);
  });

  it.each([
    ['our own bug', new TypeError('Cannot read properties of undefined')],
    ['a payload that is too deep', new RangeError('Maximum call stack size exceeded')],
    ['a text that is not JSON', new SyntaxError('Unexpected token')],
    ['a row of another program', errorNamed('ForeignRow')],
    ['a request that DynamoDB finds invalid', awsError('ValidationException', 400)],
    ['a condition that was not met', awsError('ConditionalCheckFailedException', 400)],
    ['a sealed value that the key does not open', awsError('InvalidCiphertextException', 400)],
    ['a file that is not there', anError({ code: 'ENOENT' })],
    ['a text', 'ECONNREFUSED'],
    ['nothing', undefined],
    ['null', null],
    ['metadata without a status', anError({ $metadata: {} })],
    ['metadata that is not an object', anError({ $metadata: 500 })],
    ['a status that is not a number', anError({ $metadata: { httpStatusCode: '500' } })],
  ])('is false for %s', (_, error) => {
    expect(isPassingError(error)).toBe(false);
  });

  it('looks at the causes of an error', () => {
    const inner = anError({ code: 'ECONNRESET' });
    expect(isPassingError(new TypeError('fetch failed', { cause: inner }))).toBe(true);
    expect(isPassingError(new Error('outer', { cause: new Error('middle', { cause: inner }) }))).toBe(true);
    expect(isPassingError(new Error('outer', { cause: new TypeError('inner') }))).toBe(false);
  });

  it('looks at no more than eight errors of a chain', () => {
    const chain = (causes: number, end: Error): Error =>
      Array.from({ length: causes }).reduce<Error>((cause) => new Error('outer', { cause }), end);
    expect(isPassingError(chain(7, new PassingError('end')))).toBe(true);
    expect(isPassingError(chain(8, new PassingError('end')))).toBe(false);
  });

  it('ends for an error that causes itself', () => {
    const circle = anError({});
    circle.cause = circle;
    expect(isPassingError(circle)).toBe(false);
  });

  it('keeps the cause of a passing error', () => {
    const cause = new Error('inner');
    expect(new PassingError('outer', { cause })).toMatchObject({ name: 'PassingError', message: 'outer', cause });
  });

  it.each([
    [['TransactionConflict', 'None'], true],
    [['None', 'ThrottlingError', 'ProvisionedThroughputExceeded'], true],
    [['TransactionConflict', undefined], true],
    [['TransactionConflict', 'ConditionalCheckFailed'], false],
    [['ConditionalCheckFailed'], false],
    [['ValidationError', 'None'], false],
    [['None', undefined], false],
    [[], false],
  ])('reads the reasons of a cancelled transaction: %j is %j', (codes, expected) => {
    expect(isPassingError(cancelledBy(...codes))).toBe(expected);
  });

  it.each([undefined, 'TransactionConflict', [null], ['TransactionConflict']])(
    'is false for a cancelled transaction with the reasons %j',
    (CancellationReasons) => {
      expect(isPassingError(anError({ name: 'TransactionCanceledException', CancellationReasons }))).toBe(false);
    },
  );

  it('reads the reasons of a cancelled transaction whatever its status is', () => {
    const error = anError({ name: 'TransactionCanceledException', $metadata: { httpStatusCode: 500 } });
    expect(isPassingError(error)).toBe(false);
  });
});
