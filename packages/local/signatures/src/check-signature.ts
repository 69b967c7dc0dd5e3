import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A key that requests may be signed with. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Uint8Array;
}

const credential = String.raw`Credential=([^/,\s]+)/(\d{8}/[^/,\s]+/[^/,\s]+/aws4_request)`;
const signed = String.raw`SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})`;
const form = new RegExp(String.raw`^AWS4-HMAC-SHA256 ${credential},\s*${signed}$`);

/** Why a request is refused. `expired`: it may be a copy of an earlier one. */
export type RefusalReason = 'missing' | 'unknown-key' | 'wrong' | 'expired';

export interface SignatureRefusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** Returns the id of the key that a request says it was signed with, without a check. */
export const accessKeyIdOf = ({ authorization = '' }: IncomingHttpHeaders): string | undefined =>
  form.exec(authorization)?.[1];

/** AWS accepts a request for fifteen minutes. */
const validMs = 15 * 60 * 1_000;

/**
 * Checks that a request has a signature of AWS (version 4) and, if there is a key, that it was signed with it.
 *
 * @param now - milliseconds since 1970
 * @returns nothing if the signature is valid
 */
export function checkSignature(
  request: SignedRequest,
  key: AccessKey | undefined,
  now: number,
): SignatureRefusal | undefined {
  const [, id, scope, signedHeaders, signature] = form.exec(request.headers.authorization ?? '') ?? [];
  if (id === undefined || scope === undefined || signedHeaders === undefined || signature === undefined)
    return { reason: 'missing', message: 'The request has no signature of AWS (version 4). Sign it.' };
  if (key === undefined) return undefined;
  if (id !== key.id) return { reason: 'unknown-key', message: 'The access key id of the request is not known.' };
  const date = String(request.headers['x-amz-date'] ?? '');
  const expected = sign(request, { scope, date, signedHeaders, secret: key.secret });
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature)))
    return { reason: 'wrong', message: 'The signature of the request is not the one of its content and key.' };
  if (Math.abs(toTime(date) - now) > validMs)
    return { reason: 'expired', message: `Signature expired: ${date} is not within fifteen minutes of now.` };
  return undefined;
}

interface Signing {
  readonly scope: string;
  readonly date: string;
  readonly signedHeaders: string;
  readonly secret: string;
}

function sign({ method, url, headers, body }: SignedRequest, { scope, date, signedHeaders, secret }: Signing): string {
  const [path = '', query = ''] = url.split('?', 2);
  const canonical = [
    method,
    path.split('/').map(encodeURIComponent).join('/'),
    query.split('&').sort().join('&'),
    ...signedHeaders.split(';').map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}`,
    ),
    '',
    signedHeaders,
    hash('sha256', body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope, hash('sha256', canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((secretPart, part) => hmac(secretPart, part), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Parses a time such as `20260102T030405Z`. */
const toTime = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')) || 0;
