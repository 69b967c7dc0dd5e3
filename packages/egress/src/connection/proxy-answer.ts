import { PassingError, type UnreachableReason } from '@posthorn/core';
import { Unreachable } from '../failure/unreachable.ts';

/** The proxy has connected us, or refused to. `rest` are the bytes behind its answer. */
export interface ProxyAnswer {
  readonly status: number;
  readonly rest: Buffer;
}

const endOfHead = '\r\n\r\n';

/**
 * Reads the answer to CONNECT. Interim answers (1xx) are passed over. A success has no body, and a refusal is not read
 * further.
 *
 * @returns `undefined` if it is not complete yet
 * @throws PassingError if it is not HTTP
 */
export function readProxyAnswer(bytes: Buffer): ProxyAnswer | undefined {
  const end = bytes.indexOf(endOfHead);
  if (end < 0) return undefined;
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |\r\n)/.exec(bytes.subarray(0, end + 2).toString('latin1')) ?? [];
  if (status === undefined) throw new PassingError('the egress proxy did not answer in HTTP/1.1');
  const rest = bytes.subarray(end + endOfHead.length);
  return status.startsWith('1') ? readProxyAnswer(rest) : { status: Number(status), rest };
}

/** The proxy has tried, and could not connect to the endpoint. */
const cannotReach: ReadonlySet<number> = new Set([502, 503, 504]);
/** The proxy is busy, or does not accept us: the endpoint has nothing to do with it. */
const proxyTrouble: ReadonlySet<number> = new Set([407, 408, 429]);

/** The error of a CONNECT that was not successful. */
export function refusalOf(status: number): Error {
  if (status === 407) return new PassingError('the egress proxy refused our credentials: check POSTHORN_EGRESS_PROXY');
  if (proxyTrouble.has(status)) return new PassingError(`the egress proxy answered CONNECT with status ${status}`);
  if (cannotReach.has(status)) return new Unreachable('proxy-cannot-reach' satisfies UnreachableReason);
  if (status >= 300 && status < 500) return new Unreachable('proxy-refused' satisfies UnreachableReason);
  return new PassingError(`the egress proxy answered CONNECT with status ${status}`);
}
