import { type HeadersLike, verify, type WebhookError } from '@posthorn/receiver';
import { type Explanation, explainMismatch, type SignedRequest } from './explain-mismatch.ts';
import type { HeaderPairs } from './read-headers.ts';

/** A request that was refused. */
export interface RefusedRequest {
  readonly body: Uint8Array;
  readonly headers: HeaderPairs;
  readonly keys: readonly string[];
  readonly now: Date;
}

/** The reason for people and for programs. */
export interface RefusalReason {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string | undefined;
}

/** Says why a request does not verify, in more words than the kit has: it tries what may have changed on the way. */
export function explainRefusal(error: WebhookError, request: RefusedRequest): RefusalReason {
  const message = error.message.replace(/\.$/, '');
  switch (error.code) {
    case 'signature_mismatch':
      return explainSignature(request);
    case 'timestamp_too_old':
    case 'timestamp_too_new':
      return explainTime(error.code, request);
    case 'no_usable_signature':
      return { code: error.code, message: `Wrong kind of key: ${message}`, remedy: remedyForKind(request) };
    case 'key_invalid':
      return { code: error.code, message, remedy: 'GET /app/{app}/endpoint/{endpoint}/secret returns the right key' };
    case 'header_missing':
      return { code: error.code, message, remedy: 'Give all headers of the request, with --headers or -H' };
    default:
      return { code: error.code, message, remedy: 'Give the headers and the body as the request had them' };
  }
}

const headerOf = (headers: HeaderPairs, part: string): string => {
  const named = (name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1];
  return named(`webhook-${part}`) ?? named(`svix-${part}`) ?? '';
};

/** Whether a request fits one of the keys, at its own time. */
function isSigned({ id, timestamp, body }: SignedRequest, signature: string, keys: readonly string[]): boolean {
  const headers: HeadersLike = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  try {
    verify(body, headers, keys, { now: () => Number(timestamp) * 1_000 });
    return true;
  } catch {
    return false;
  }
}

const remedies: Readonly<Record<Explanation['code'], string>> = {
  body_empty: 'Verify before anything reads the body, or save the bytes that were read',
  body_changed: 'Verify the bytes as they came in, before anything parses or saves them as text',
  time_changed: 'Pass on webhook-timestamp as it came',
  id_changed: 'Pass on webhook-id as it came',
  key_not_decoded: 'The sender has to correct it: Posthorn decodes its secrets',
  unknown: 'Compare the secret with that of this endpoint, and the body with the one that was sent',
};

function explainSignature({ body, headers, keys }: RefusedRequest): RefusalReason {
  const signature = headerOf(headers, 'signature');
  const textsOfKeys = keys.flatMap(toKeysOfText);
  const names = ['webhook-id', 'svix-id'];
  const { code, text } = explainMismatch(
    { id: headerOf(headers, 'id'), timestamp: headerOf(headers, 'timestamp'), body },
    {
      fits: (request) => isSigned(request, signature, keys),
      fitsTextOfKey: (request) => textsOfKeys.some((key) => isSigned(request, signature, [key])),
      otherIds: headers.filter(([name]) => names.includes(name.toLowerCase())).map(([, value]) => value),
    },
  );
  return {
    code: code === 'unknown' ? 'signature_mismatch' : code,
    message: `No signature fits. ${text}`,
    remedy: remedies[code],
  };
}

/** The keys that a sender has who takes the text of a secret for the key itself, with or without its prefix. */
function toKeysOfText(key: string): readonly string[] {
  if (!key.startsWith('whsec_')) return [];
  return [key, key.slice('whsec_'.length)].map((text) => `whsec_${Buffer.from(text).toString('base64')}`);
}

function explainTime(code: string, { body, headers, keys, now }: RefusedRequest): RefusalReason {
  const timestamp = headerOf(headers, 'timestamp');
  const seconds = Math.round(Number(timestamp) - now.getTime() / 1_000);
  const isRight = isSigned({ id: headerOf(headers, 'id'), timestamp, body }, headerOf(headers, 'signature'), keys);
  const distance = `${describeSeconds(Math.abs(seconds))} ${seconds < 0 ? 'before' : 'after'} now`;
  return {
    code,
    message: `Its time is ${distance}. Apart from that, the signature ${isRight ? 'fits' : 'does not fit either'}`,
    remedy: isRight
      ? 'If it was stored, add --ignore-time. Otherwise compare the clocks of the machines'
      : 'Add --ignore-time to see why the signature does not fit',
  };
}

function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function remedyForKind({ headers }: RefusedRequest): string {
  const isAsymmetric = headerOf(headers, 'signature').includes('v1a,');
  return isAsymmetric
    ? 'The request is signed with ed25519 (v1a): take the public key of the endpoint, which begins with whpk_'
    : 'The request is signed with a shared secret (v1): take the secret of the endpoint, which begins with whsec_';
}
