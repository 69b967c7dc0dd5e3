import { bodyCandidates } from './body-candidates.ts';

/** A request whose signature does not fit. */
export interface SignedRequest {
  readonly id: string;
  /** As the header has it: seconds since 1970. */
  readonly timestamp: string;
  readonly body: Uint8Array;
}

/** Why a signature does not fit. */
export interface Explanation {
  /** A stable word for programs. */
  readonly code: 'body_empty' | 'body_changed' | 'time_changed' | 'id_changed' | 'key_not_decoded' | 'unknown';
  /** A sentence without a period at its end. */
  readonly text: string;
}

export interface MismatchChecks {
  /** Whether the signature fits this request with the given keys. */
  readonly fits: (request: SignedRequest) => boolean;
  /** Whether it fits the request with the texts of the keys instead of what they decode to. */
  readonly fitsTextOfKey: (request: SignedRequest) => boolean;
  /** Ids in other headers of the request. */
  readonly otherIds: readonly string[];
}

/** A time that was set anew is mostly a few minutes off: a retry, or a queue. */
const searchedSeconds = 900;
/** Each of the 1,800 times signs the whole body: of a long one, this would take minutes. */
const maxSearchedBytes = 256 * 1024;

/**
 * Finds out why a signature does not fit, by trying what the request may have been when it was signed.
 *
 * @returns `unknown` if nothing fits: then another key has signed, or the body or id has changed in another way
 */
export function explainMismatch(request: SignedRequest, checks: MismatchChecks): Explanation {
  return (
    explainKey(request, checks) ??
    explainBody(request, checks) ??
    explainId(request, checks) ??
    explainTime(request, checks) ?? {
      code: 'unknown',
      text: `It was signed with another key, or ${changedParts(request)} has changed${hintAtNumbers(request)}`,
    }
  );
}

function explainKey(request: SignedRequest, { fitsTextOfKey }: MismatchChecks): Explanation | undefined {
  if (!fitsTextOfKey(request)) return undefined;
  return {
    code: 'key_not_decoded',
    text: 'The sender has used the text of the secret as its key: what follows whsec_ must be decoded from base64 first',
  };
}

function explainBody(request: SignedRequest, { fits }: MismatchChecks): Explanation | undefined {
  if (request.body.byteLength === 0)
    return { code: 'body_empty', text: 'The body is empty: something may have read it before' };
  for (const { body, difference } of bodyCandidates(request.body))
    if (fits({ ...request, body }))
      return { code: 'body_changed', text: `The body has changed after it was signed: the signed one ${difference}` };
  return undefined;
}

function explainId(request: SignedRequest, { fits, otherIds }: MismatchChecks): Explanation | undefined {
  const signed = otherIds.find((id) => fits({ ...request, id }));
  return signed === undefined
    ? undefined
    : { code: 'id_changed', text: `The id has changed after it was signed: the signed one is ${signed}` };
}

function explainTime(request: SignedRequest, { fits }: MismatchChecks): Explanation | undefined {
  if (!mayTryTimes(request)) return undefined;
  const given = Number(request.timestamp);
  for (let distance = 1; distance <= searchedSeconds; distance += 1)
    for (const time of [given - distance, given + distance])
      if (fits({ ...request, timestamp: String(time) }))
        return { code: 'time_changed', text: `The time has changed after it was signed: the signed one is ${time}` };
  return undefined;
}

const mayTryTimes = ({ body }: SignedRequest): boolean => body.byteLength <= maxSearchedBytes;

const changedParts = (request: SignedRequest): string =>
  mayTryTimes(request)
    ? 'the body or the id'
    : 'the body, the id or the time (other times are not tried for this length)';

/** `JSON.parse` and `JSON.stringify` change such numbers, and what they were cannot be tried. */
const hintAtNumbers = ({ body }: SignedRequest): string =>
  /\d{16}/.test(Buffer.from(body).toString('latin1'))
    ? '. It has a number of more than 15 digits: programs that parse and write it again change it'
    : '';
