import type { AttemptTrigger } from './attempt-trigger.ts';
import type { NextStep } from './next-step.ts';

/** The record of one attempt: what was sent where and when, what the endpoint answered, how long it took, and what follows. */
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
  /** 0 if there was no answer, and if the code of the endpoint's owner canceled the message. */
  readonly responseStatusCode: number;
  /** The first 20,000 bytes of the answer's body, or the reason why there was no answer. */
  readonly response: string;
  readonly responseDurationMs: number;
  readonly attemptedAt: Date;
  /** What the attempt led to. */
  readonly next: NextStep;
  readonly eventType: string;
  /** The sender's own id of the message. Only on attempts that lead to facts (`attempt-facts.ts`). */
  readonly eventId?: string;
  readonly channels: readonly string[];
}

/** Every way one HTTP attempt can end. A failing endpoint is a value here, never an exception. */
export type AttemptOutcome =
  | { readonly kind: 'accepted'; readonly status: number; readonly asks?: EndpointWish }
  | {
      readonly kind: 'rejected';
      readonly status: number;
      readonly retryAfterSeconds?: number;
      readonly asks?: EndpointWish;
    }
  | { readonly kind: 'gone'; readonly status: 410 }
  | { readonly kind: 'unreachable'; readonly reason: UnreachableReason }
  /** The code of the endpoint's owner canceled the message. Nothing was sent, as its owner wants. */
  | { readonly kind: 'canceled' }
  /** The code of the endpoint's owner failed. Nothing was sent. */
  | { readonly kind: 'not-transformed' };

/**
 * What an endpoint asks for by the header `webhook-delivery` of its answer: to be disabled, or that this message is not
 * tried again.
 */
export type EndpointWish = 'disable' | 'abort-message';

/**
 * Why there is no complete answer, in the order in which an exchange can fail.
 *
 * `blocked`, `own-port`, `port-not-allowed`: the URL or its address may not be called, and nothing was sent.
 * `proxy-refused`, `proxy-cannot-reach`: what our own proxy says about the endpoint. `reset-before-request`: the
 * request cannot have been handled. `reset`, `timeout` and all that follow: it may have been.
 */
export type UnreachableReason =
  | 'blocked'
  | 'own-port'
  | 'port-not-allowed'
  | 'name-not-found'
  | 'name-server-silent'
  | 'name-server-failed'
  | 'proxy-refused'
  | 'proxy-cannot-reach'
  | 'refused'
  | 'unroutable'
  | 'connect-timeout'
  | 'tls-timeout'
  | 'tls-failed'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-wrong-name'
  | 'certificate-untrusted'
  | 'certificate-invalid'
  | 'reset-before-request'
  | 'reset'
  | 'timeout'
  | 'answer-cut-off'
  | 'answer-timeout'
  | 'only-interim-answers'
  | 'too-much-overhead'
  | 'not-http';

/** The result of one request to an endpoint, or why there was none. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  /** The first 20,000 bytes of the answer's body, or the reason why there was no answer. */
  readonly response: string;
  readonly durationMs: number;
  /** Where it was sent, if the code of the endpoint's owner has changed that. */
  readonly url?: string;
  /** When it was sent, and the time of its signature. */
  readonly attemptedAt?: Date;
}

/** How many bytes of an answer are read and stored. */
export const maxResponseBytes = 20_000;

/** The response of an attempt whose content was deleted. */
export const expungedResponse = 'EXPUNGED';

/** The time limit of one attempt: for the whole exchange, the answer's body included. */
export const attemptTimeoutMs = 15_000;
