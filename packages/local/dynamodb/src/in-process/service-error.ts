import type { RequestFailure } from '../failure.ts';
import type { Body } from '../values.ts';
import { fromWire } from './from-wire.ts';

/** What the SDK tells about a call, in responses and errors. */
export interface CallMetadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  /** Number of tries. */
  readonly attempts: number;
  /** Pauses between the tries, in milliseconds. */
  readonly totalRetryDelay: number;
}

/**
 * A rejected request, as the SDK throws it. It has the details of the response as members, such as `Item` and
 * `CancellationReasons`.
 *
 * `instanceof` with the SDK's class of this name is true, because the SDK's classes compare `$fault` and `name`.
 */
export class ServiceError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $retryable = undefined;
  readonly $metadata: CallMetadata;
  readonly __type: string;

  constructor({ type, message, details, statusCode }: RequestFailure, metadata: Omit<CallMetadata, 'httpStatusCode'>) {
    // The SDK gives this text to an error without a message.
    super(message === '' ? 'UnknownError' : message);
    this.name = type.slice(type.indexOf('#') + 1);
    this.$fault = statusCode < 500 ? 'client' : 'server';
    this.$metadata = { httpStatusCode: statusCode, ...metadata };
    this.__type = type;
    // As in the SDK, so that a logger that copies the members of an error gets it.
    Object.defineProperty(this, 'message', { enumerable: true });
    // `fromWire` returns an object for an object.
    Object.assign(this, fromWire(details) as Body);
  }
}

/** The response of a request was lost, so it may have had its effect. The SDK names a closed connection this way. */
export class ConnectionLost extends Error {
  readonly code = 'ECONNRESET';
  readonly $metadata: CallMetadata;

  constructor($metadata: CallMetadata) {
    super('socket hang up');
    this.name = 'TimeoutError';
    this.$metadata = $metadata;
  }
}

/** The caller aborted the call. The request may have had its effect. */
export class CallAborted extends Error {
  constructor() {
    super('Request aborted');
    this.name = 'AbortError';
  }
}
