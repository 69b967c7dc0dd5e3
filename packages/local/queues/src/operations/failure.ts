/** A refusal, with SQS's code and text. It has the fields of the SDK's errors. */
export class SqsFailure extends Error {
  readonly $service = 'SQS';
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number; readonly totalRetryDelay: number };
  readonly $retryable?: { readonly throttling: boolean };

  constructor(code: string, message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.$fault = status < 500 ? 'client' : 'server';
    this.$metadata = { httpStatusCode: status, attempts: 1, totalRetryDelay: 0 };
    if (status >= 500) this.$retryable = { throttling: false };
  }
}

export const invalidValue = (value: unknown, parameter: string, reason: string): SqsFailure =>
  new SqsFailure('InvalidParameterValue', `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}.`);

export const missing = (parameter: string): SqsFailure =>
  new SqsFailure('MissingParameter', `The request must contain the parameter ${parameter}.`);

export const queueDoesNotExist = (): SqsFailure =>
  new SqsFailure('QueueDoesNotExist', 'The specified queue does not exist.');

export const invalidHandle = (handle: unknown): SqsFailure =>
  new SqsFailure('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, 404);

/** Any other error is a problem of the store: the request can be repeated. */
export const toFailure = (error: unknown): SqsFailure =>
  error instanceof SqsFailure
    ? error
    : new SqsFailure('ServiceUnavailable', error instanceof Error ? error.message : String(error), 503, {
        cause: error,
      });
