import type {
  AttemptRepository,
  AttemptResult,
  Clock,
  Counter,
  Endpoint,
  EndpointRepository,
  Log,
  Message,
  MessageRepository,
} from '@posthorn/core';
import type { FindRetrySchedule } from './find-retry-schedule.ts';
import type { MayAttempt } from './may-attempt.ts';
import type { ProbeAgain } from './probe-again.ts';

/** What making an attempt needs. */
export interface AttemptDeps {
  readonly findEndpoint: EndpointRepository['find'];
  readonly findMessage: MessageRepository['find'];
  readonly findAttempt: AttemptRepository['find'];
  readonly recordAttempt: AttemptRepository['record'];
  /** Asked before each attempt that is not recorded yet. */
  readonly mayAttempt: MayAttempt;
  /** Asked after a probe that was not sent, because it was canceled or its code had no turn, before anything is recorded. */
  readonly probeAgain: ProbeAgain;
  /** Signs the message for the endpoint and sends it. Whatever the endpoint does is returned, never thrown. */
  readonly sendMessage: (request: SendRequest) => Promise<AttemptResult>;
  /** Asked only after a failure that may be tried again. */
  readonly findRetrySchedule: FindRetrySchedule;
  readonly clock: Clock;
  /** Returns a random number from 0 to 1. */
  readonly jitter: () => number;
  readonly log: Log;
  readonly counters: Counter;
}

/** A message to send to an endpoint. */
export interface SendRequest {
  readonly message: Message;
  readonly endpoint: Endpoint;
  /** The time of the attempt: it is signed, unless code runs first, and it decides which of the endpoint's secrets are valid. */
  readonly now: Date;
}
