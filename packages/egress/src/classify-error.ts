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
  EHOSTUNREACH: 'other',
  ENETUNREACH: 'other',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
};

const texts: Readonly<Record<UnreachableReason, string>> = {
  dns: 'The name of the endpoint could not be resolved',
  tls: 'No secure connection: the TLS handshake or the certificate of the endpoint failed',
  timeout: 'The endpoint did not answer within the time limit',
  reset: 'The endpoint closed the connection before it had answered',
  refused: 'The endpoint refused the connection',
  blocked: new Blocked().message,
  other: 'The endpoint could not be reached',
};

/** Why an exchange failed, in words for the endpoint's owner: nothing of our network stands in them. */
export function classifyError(error: unknown): { readonly reason: UnreachableReason; readonly text: string } {
  const reason = reasonOf(error);
  return { reason, text: texts[reason] };
}

/** What errors of sockets, names, TLS and aborts have in common. */
interface ErrorFields {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of a name with several addresses, each of which failed. */
  readonly errors?: readonly unknown[];
}

function reasonOf(error: unknown): UnreachableReason {
  if (error instanceof Blocked) return 'blocked';
  const { name, code, cause, errors }: ErrorFields = typeof error === 'object' && error !== null ? error : {};
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  if (errors !== undefined && errors.length > 0) return reasonOf(errors[0]);
  const text = typeof code === 'string' ? code : '';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/.test(text)) return 'tls';
  return reasonOfCode[text] ?? (cause === undefined ? 'other' : reasonOf(cause));
}
