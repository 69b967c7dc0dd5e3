import {
  type Attempt,
  type AttemptRepository,
  type AttemptResult,
  attemptIdOf,
  type Delivery,
  decideNext,
  type Endpoint,
  type EndpointRepository,
  type Message,
  type MessageRepository,
  type NextStep,
  type RetrySchedule,
} from '@posthorn/core';
import type { Clock, Counters, Log } from '@posthorn/platform';

export interface MakeAttemptDeps {
  readonly findEndpoint: EndpointRepository['find'];
  readonly findMessage: MessageRepository['find'];
  readonly findAttempt: AttemptRepository['find'];
  readonly recordAttempt: AttemptRepository['record'];
  readonly disableEndpoint: EndpointRepository['disable'];
  /** Signs the message for the endpoint and sends it. */
  readonly sendMessage: (request: { message: Message; endpoint: Endpoint; now: Date }) => Promise<AttemptResult>;
  readonly retrySchedule: RetrySchedule;
  readonly clock: Clock;
  /** From 0 to 1, another at each call. */
  readonly jitter: () => number;
  readonly log: Log;
  readonly counters: Pick<Counters, 'add'>;
}

/**
 * Makes the attempt that a delivery is at, unless it is recorded already, and answers its record. `undefined`: there is
 * nothing to send any more (endpoint deleted or disabled, message expired).
 *
 * A crash before the send: the job comes back and is sent. After the send and before the record: it is sent once more,
 * with the same `webhook-id`. After the record: nothing is sent, and the caller sees to what follows.
 */
export type MakeAttempt = (delivery: Delivery) => Promise<Attempt | undefined>;

export const createMakeAttempt =
  (deps: MakeAttemptDeps): MakeAttempt =>
  async (delivery) => {
    const attempt = await findOrSend(deps, delivery);
    if (attempt?.responseStatusCode === 410) await deps.disableEndpoint(attempt, attempt.attemptedAt);
    return attempt;
  };

/** Reads all that an attempt needs side by side: nearly always it is not recorded yet. */
async function findOrSend(deps: MakeAttemptDeps, delivery: Delivery): Promise<Attempt | undefined> {
  const now = deps.clock();
  const [recorded, endpoint, message] = await Promise.all([
    deps.findAttempt(delivery.endpointId, attemptIdOf(delivery)),
    deps.findEndpoint(delivery.applicationId, delivery.endpointId),
    deps.findMessage(delivery.applicationId, delivery.messageId, now),
  ]);
  if (recorded) return recorded;
  if (!endpoint || endpoint.disabled || !message) return drop(deps, delivery, { endpoint, message });
  const result = await deps.sendMessage({ message, endpoint, now });
  return record(deps, { delivery, endpoint, message, result, now });
}

function drop(
  { log, counters }: MakeAttemptDeps,
  { messageId, endpointId, attemptNumber }: Delivery,
  found: { readonly endpoint: Endpoint | undefined; readonly message: Message | undefined },
): undefined {
  const reason = found.endpoint ? (found.message ? 'endpoint_disabled' : 'message_expired') : 'endpoint_deleted';
  log.warn('delivery.dropped', { messageId, endpointId, attemptNumber, reason });
  counters.add('DeliveriesDropped', 1);
}

interface SentAttempt {
  readonly delivery: Delivery;
  readonly endpoint: Endpoint;
  readonly message: Message;
  readonly result: AttemptResult;
  readonly now: Date;
}

/** Records what was sent; where another worker recorded the same attempt first, its record counts. */
async function record(deps: MakeAttemptDeps, sent: SentAttempt): Promise<Attempt> {
  const { delivery, result } = sent;
  const { retrySchedule: schedule, clock, jitter } = deps;
  const { attemptNumber, trigger } = delivery;
  const next = decideNext({
    outcome: result.outcome,
    attemptNumber,
    trigger,
    schedule,
    now: clock(),
    jitter: jitter(),
  });
  const attempt = toAttempt(sent, next);
  logAttempt(deps, { attempt, result, next });
  if ((await deps.recordAttempt(attempt)) === 'recorded') return attempt;
  return (await deps.findAttempt(attempt.endpointId, attempt.attemptId)) ?? attempt;
}

function toAttempt({ delivery, endpoint, message, result, now }: SentAttempt, next: NextStep): Attempt {
  const { organisationId, applicationId, messageId, endpointId, attemptNumber, trigger } = delivery;
  const { outcome, response, durationMs } = result;
  return {
    organisationId,
    applicationId,
    messageId,
    endpointId,
    attemptId: attemptIdOf(delivery),
    attemptNumber,
    trigger,
    status: outcome.kind === 'accepted' ? 'succeeded' : 'failed',
    url: withoutCredentials(endpoint.url),
    responseStatusCode: outcome.kind === 'unreachable' ? 0 : outcome.status,
    response,
    responseDurationMs: durationMs,
    attemptedAt: now,
    ...(next.kind === 'retry' ? { nextAttemptAt: next.notBefore } : {}),
    eventType: message.eventType,
    channels: message.channels,
  };
}

function withoutCredentials(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function logAttempt(
  { log, counters }: MakeAttemptDeps,
  { attempt, result, next }: { readonly attempt: Attempt; readonly result: AttemptResult; readonly next: NextStep },
): void {
  const { messageId, endpointId, attemptNumber, responseStatusCode: status, responseDurationMs: durationMs } = attempt;
  const outcome = result.outcome.kind;
  log.info('attempt.finished', {
    messageId,
    endpointId,
    attemptNumber,
    outcome,
    status,
    durationMs,
    nextStep: next.kind,
  });
  counters.add(attempt.status === 'succeeded' ? 'AttemptsSucceeded' : 'AttemptsFailed', 1);
}
