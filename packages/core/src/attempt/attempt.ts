import type { AttemptTrigger } from './attempt-trigger.ts';

/** The receipt of one try: what was sent where and when, what came back, how long it took, what happens next. */
export interface Attempt {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly attemptId: string;
  readonly attemptNumber: number;
  readonly trigger: AttemptTrigger;
  readonly status: 'succeeded' | 'failed';
  /** Where it was sent. */
  readonly url: string;
  /** 0 when no answer came. */
  readonly responseStatusCode: number;
  /** The answer's body, at most 20,000 bytes of it, or why there was none. */
  readonly response: string;
  readonly responseDurationMs: number;
  readonly attemptedAt: Date;
  /** When the next try is planned; absent when there is none. */
  readonly nextAttemptAt?: Date;
  readonly eventType: string;
  readonly channels: readonly string[];
}

/** Every way one HTTP attempt can end. A failing endpoint is a value here, never an exception. */
export type AttemptOutcome =
  | { readonly kind: 'accepted'; readonly status: number }
  | { readonly kind: 'rejected'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'gone'; readonly status: 410 }
  | { readonly kind: 'unreachable'; readonly reason: UnreachableReason };

/** `blocked`: the address is not one that may be called, and nothing was sent. */
export type UnreachableReason = 'dns' | 'tls' | 'timeout' | 'reset' | 'refused' | 'blocked' | 'other';

/** What one request to an endpoint came to. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  /** The answer's body, at most 20,000 bytes of it, or why there was none. */
  readonly response: string;
  readonly durationMs: number;
}

/** The largest part of an answer that is read and kept. */
export const maxResponseBytes = 20_000;

/** The time limit of one attempt: the whole exchange, body included. */
export const attemptTimeoutMs = 15_000;
