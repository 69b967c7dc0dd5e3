import type { AttemptOutcome } from '@posthorn/core';

export interface AnswerHead {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly now: Date;
}

/** What an answer's head says about the attempt: 2xx is success, everything else is not, redirects included. */
export function classifyAnswer({ status, retryAfter, now }: AnswerHead): AttemptOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted', status };
  if (status === 410) return { kind: 'gone', status };
  const retryAfterSeconds = retryAfter === undefined ? undefined : secondsOf(retryAfter, now);
  return { kind: 'rejected', status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}

/** Retry-After is seconds or a date (RFC 9110); what is neither counts as absent, what is over as 0. */
function secondsOf(retryAfter: string, now: Date): number | undefined {
  const text = retryAfter.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}
