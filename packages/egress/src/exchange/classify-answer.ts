import type { AttemptOutcome, EndpointWish } from '@posthorn/core';

/** The parts of an answer that decide about the attempt. */
export interface AnswerHead {
  readonly status: number;
  /** `date` is the endpoint's own time: other dates are relative to it. */
  readonly headers: () => {
    readonly 'retry-after'?: string | undefined;
    readonly date?: string | undefined;
    /** What the endpoint asks for. Several headers of this name are joined, so they ask for nothing. */
    readonly 'webhook-delivery'?: string | string[] | undefined;
  };
  /** Our time, for endpoints that send no date. */
  readonly now: Date;
}

/**
 * The outcome of an attempt by its answer's head: 2xx is success, everything else is not, redirects included. 410 and the
 * header `webhook-delivery` ask for more.
 */
export function classifyAnswer(head: AnswerHead): AttemptOutcome {
  const { status } = head;
  if (status === 410) return { kind: 'gone', status };
  const asks = wishOf(head);
  if (status >= 200 && status < 300) return { kind: 'accepted', status, ...(asks && { asks }) };
  const retryAfterSeconds = secondsToWait(head);
  return {
    kind: 'rejected',
    status,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(asks && { asks }),
  };
}

const wishes: ReadonlyMap<unknown, EndpointWish> = new Map([
  ['disable', 'disable'],
  ['abort-message', 'abort-message'],
]);

function wishOf({ headers }: AnswerHead): EndpointWish | undefined {
  const header = headers()['webhook-delivery'];
  return typeof header === 'string' ? wishes.get(header.trim().toLowerCase()) : undefined;
}

/** Retry-After is seconds or a date (RFC 9110). Anything else counts as absent, and a date in the past as 0. */
function secondsToWait({ headers, now }: AnswerHead): number | undefined {
  const { 'retry-after': retryAfter = '', date = '' } = headers();
  const text = retryAfter.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  const until = timeOf(text);
  return until === undefined ? undefined : Math.max(0, Math.ceil((until - (timeOf(date) ?? now.getTime())) / 1000));
}

/** An HTTP date in milliseconds; `Date.parse` alone takes almost any word with a number for a date. */
function timeOf(text: string): number | undefined {
  const time = /^[A-Z][a-z]+, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
