import type { UnreachableReason } from '@posthorn/core';
import { Unreachable } from './unreachable.ts';

/** How far an exchange had come when it failed. `answering`: at least one byte of the answer has arrived. */
export type Stage = 'naming' | 'connecting' | 'handshake' | 'sending' | 'waiting' | 'answering';

const reasonOfBreak: Readonly<Record<Stage, UnreachableReason>> = {
  naming: 'name-server-failed',
  connecting: 'reset-before-request',
  handshake: 'reset-before-request',
  sending: 'reset-before-request',
  waiting: 'reset',
  answering: 'answer-cut-off',
};

const reasonOfTimeout: Readonly<Record<Stage, UnreachableReason>> = {
  naming: 'name-server-silent',
  connecting: 'connect-timeout',
  handshake: 'tls-timeout',
  sending: 'timeout',
  waiting: 'timeout',
  answering: 'answer-timeout',
};

/** The connection broke. */
const breaks: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENETRESET', 'ENOTCONN']);

/** Errors of the network and of certificates that mean the same at every stage. */
const reasonOfCode: Readonly<Record<string, UnreachableReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unroutable',
  ENETUNREACH: 'unroutable',
  EHOSTDOWN: 'unroutable',
  ENETDOWN: 'unroutable',
  // There is no local address of this family: IPv6 is switched off.
  EADDRNOTAVAIL: 'unroutable',
  EAFNOSUPPORT: 'unroutable',
  // A firewall forbids this destination.
  EACCES: 'unroutable',
  EPERM: 'unroutable',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-wrong-name',
  HOSTNAME_MISMATCH: 'certificate-wrong-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
};

/** The other errors of OpenSSL about certificates (`X509_V_ERR_…`), with Node's names. */
const certificateErrors: ReadonlySet<string> = new Set([
  ...['CERT_CHAIN_TOO_LONG', 'CERT_REJECTED', 'CERT_REVOKED', 'CERT_SIGNATURE_FAILURE', 'ERR_TLS_CERT_ALTNAME_FORMAT'],
  ...['ERROR_IN_CERT_NOT_AFTER_FIELD', 'ERROR_IN_CERT_NOT_BEFORE_FIELD', 'INVALID_CA', 'INVALID_PURPOSE'],
  ...['PATH_LENGTH_EXCEEDED', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE'],
  // Node has no name for it, such as for a key that is too small.
  'UNSPECIFIED',
]);

/** Errors of c-ares about a name or about name servers. Its other codes mean that we use it wrongly. */
const reasonOfNameCode: Readonly<Record<string, UnreachableReason>> = {
  ENOTFOUND: 'name-not-found',
  ENODATA: 'name-not-found',
  EBADNAME: 'name-not-found',
  ENONAME: 'name-not-found',
  ETIMEOUT: 'name-server-silent',
  // Ended by us at the time limit.
  ECANCELLED: 'name-server-silent',
  ESERVFAIL: 'name-server-failed',
  EREFUSED: 'name-server-failed',
  ECONNREFUSED: 'name-server-failed',
  EFORMERR: 'name-server-failed',
  ENOTIMP: 'name-server-failed',
  EBADRESP: 'name-server-failed',
  EOF: 'name-server-failed',
};

/** OpenSSL has hundreds of these. On an open connection, each is about what the endpoint sent. */
const isTlsError = (code: string) => /^ERR_(SSL|OSSL)_/.test(code) || code === 'EPROTO';

/** Errors of Node's HTTP parser about bytes from the endpoint. Its other codes mean that we use it wrongly. */
const isParserError = (code: string) => /^HPE_(INVALID_|UNEXPECTED_|STRICT$)/.test(code) || otherParserErrors.has(code);
const otherParserErrors: ReadonlySet<string> = new Set([
  ...['HPE_CR_EXPECTED', 'HPE_LF_EXPECTED', 'HPE_HEADER_OVERFLOW', 'HPE_CHUNK_EXTENSIONS_OVERFLOW'],
  'HPE_CLOSED_CONNECTION',
]);

/**
 * The reason of an error of the endpoint or of the network. The list is complete: any other error is our own fault and
 * has no reason.
 */
export function reasonOfError(error: unknown, stage: Stage): UnreachableReason | undefined {
  const code = codeOf(error);
  if (stage === 'naming') return Object.hasOwn(reasonOfNameCode, code) ? reasonOfNameCode[code] : undefined;
  if (breaks.has(code)) return reasonOfBreak[stage];
  if (code === 'ETIMEDOUT') return reasonOfTimeout[stage];
  if (isParserError(code)) return 'not-http';
  if (isTlsError(code)) return stage === 'answering' ? 'answer-cut-off' : 'tls-failed';
  if (stage === 'handshake' && certificateErrors.has(code)) return 'certificate-invalid';
  return Object.hasOwn(reasonOfCode, code) ? reasonOfCode[code] : undefined;
}

/** A known error as a failure of the endpoint; any other error as it is. */
export function toFailure(error: unknown, stage: Stage): unknown {
  const reason = reasonOfError(error, stage);
  return reason === undefined ? error : new Unreachable(reason, { cause: error });
}

/** The failure of an exchange that has used up its time. */
export const timeLimitFailure = (stage: Stage): Unreachable => new Unreachable(reasonOfTimeout[stage]);

/** Errors may come from another realm, so only the code is read. For several addresses it is that of the first one. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
