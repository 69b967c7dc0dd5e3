import type { UnreachableReason } from '@posthorn/core';
import { Blocked } from './blocked.ts';

const reasonOfCode: Readonly<Record<string, UnreachableReason>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  EHOSTUNREACH: 'other',
  ENETUNREACH: 'other',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
};
const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;

const texts: Readonly<Record<UnreachableReason, string>> = {
  dns: 'The name of the endpoint could not be resolved',
  tls: 'No secure connection: the TLS handshake or the certificate of the endpoint failed',
  timeout: 'The endpoint did not answer in full within the time limit',
  reset: 'The endpoint closed the connection before it had answered in full',
  refused: 'The endpoint refused the connection',
  blocked: new Blocked().message,
  other: 'The endpoint could not be reached, or its answer was not HTTP',
};
const textOfCode: Readonly<Record<string, string>> = {
  ERR_INVALID_URL: 'The URL of the endpoint is not valid',
  UND_ERR_INVALID_ARG: 'A header of the endpoint is not valid',
};

/** Why there was no answer, for decisions and in words for the endpoint's owner. */
export interface Failure {
  readonly reason: UnreachableReason;
  /** Nothing of our network stands in it. */
  readonly text: string;
}

/** What errors of sockets, names, TLS and aborts have in common. */
interface ErrorFields {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of a name with several addresses, each of which failed. */
  readonly errors?: readonly unknown[];
}

/** Says why an exchange failed. Read by codes alone: errors may come from another realm than ours. */
export function classifyError(error: unknown): Failure {
  if (error instanceof Blocked) return failureOf('blocked');
  const { name, code, cause, errors }: ErrorFields = typeof error === 'object' && error !== null ? error : {};
  if (name === 'TimeoutError' || name === 'AbortError') return failureOf('timeout');
  if (errors !== undefined && errors.length > 0) return classifyError(errors[0]);
  const key = typeof code === 'string' ? code : '';
  const text = textOfCode[key];
  if (text !== undefined) return { reason: 'other', text };
  const reason = tlsCode.test(key) ? 'tls' : reasonOfCode[key];
  if (reason !== undefined) return failureOf(reason);
  return cause === undefined ? failureOf('other') : classifyError(cause);
}

const failureOf = (reason: UnreachableReason): Failure => ({ reason, text: texts[reason] });

const retryWindowMs = 1_000;

/**
 * Whether a failure may be tried again inside the same attempt: a connection that breaks at once says more about the
 * connection than about the endpoint. One that breaks later may well have had its request handled.
 */
export const mayRetryAtOnce = (error: unknown, elapsedMs: number): boolean =>
  elapsedMs < retryWindowMs && classifyError(error).reason === 'reset';
