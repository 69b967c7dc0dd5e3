import {
  type Attempt,
  type AttemptResult,
  attemptInSchedule,
  BusyError,
  type CancelReason,
  countOwn,
  type Delivery,
  decideNext,
  type Endpoint,
  type Message,
  needsSchedule,
  UnusableData,
} from '@posthorn/core';
import { rememberResults } from '@posthorn/core/memory/remember-results';
import type { AttemptDeps } from './attempt-deps.ts';
import type { AttemptReport, EndpointNews } from './attempt-report.ts';
import { reportOf } from './may-attempt.ts';
import { noteCanceled } from './note-canceled.ts';
import { toAttempt } from './to-attempt.ts';

/** What a delivery sends, and where, or why it sends nothing. */
export type Target =
  | { readonly kind: 'ready'; readonly endpoint: Endpoint; readonly message: Message }
  | { readonly kind: 'nothing'; readonly reason: CancelReason };

/** An attempt that is to be made. */
export interface PlannedAttempt {
  readonly delivery: Delivery;
  /** `attemptIdOf` the delivery. */
  readonly attemptId: string;
  readonly target: Target;
  readonly now: Date;
}

/** Reads the endpoint and the message of a delivery. */
export async function loadTarget(
  { findEndpoint, findMessage }: Pick<AttemptDeps, 'findEndpoint' | 'findMessage'>,
  { applicationId, endpointId, messageId }: Delivery,
  now: Date,
): Promise<Target> {
  const [endpoint, message] = await Promise.all([
    findEndpoint(applicationId, endpointId),
    findMessage(applicationId, messageId, now),
  ]);
  if (!endpoint) return { kind: 'nothing', reason: 'endpoint_deleted' };
  if (!message) return { kind: 'nothing', reason: 'message_expired' };
  if (endpoint.disabled) return { kind: 'nothing', reason: 'endpoint_disabled' };
  return { kind: 'ready', endpoint, message };
}

/** Makes an attempt that is not recorded yet. */
export async function sendAndRecord(deps: AttemptDeps, planned: PlannedAttempt): Promise<AttemptReport> {
  const { delivery, attemptId, target } = planned;
  if (target.kind === 'nothing') {
    noteCanceled(deps, delivery, target.reason);
    return { kind: 'canceled', reason: target.reason };
  }
  const { endpoint, message } = target;
  const permission = await deps.mayAttempt({ delivery, endpoint, now: planned.now });
  if (permission.kind !== 'go') return reportOf(permission);
  const url = withoutCredentials(endpoint.url);
  // The delivery may have waited for its turn.
  const now = deps.clock();
  const giveBack = async () => permission.probe && deps.probeAgain(endpoint, permission.probe);
  const result = await deps.sendMessage({ message, endpoint, now }).catch(async (error: unknown) => {
    if (error instanceof BusyError) await giveBack();
    throw error;
  });
  const { trigger } = delivery;
  const { outcome } = result;
  if (outcome.kind === 'canceled') await giveBack();
  const next = decideNext({
    outcome,
    attemptNumber: attemptInSchedule(delivery),
    trigger,
    schedule: needsSchedule({ outcome, trigger }) ? await deps.findRetrySchedule(endpoint, message) : [],
    now: deps.clock(),
    jitter: deps.jitter(),
  });
  const sentTo = result.url === undefined ? url : withoutCredentials(result.url);
  const attempt = toAttempt({
    delivery,
    attemptId,
    message,
    url: sentTo,
    result,
    attemptedAt: result.attemptedAt ?? now,
    next,
  });
  logAttempt(deps, attempt, result);
  return { ...(await record(deps, attempt)), ...newsOf(endpoint, delivery) };
}

/** What an attempt's report says about its endpoint. */
export const newsOf = ({ updatedAt }: Endpoint, { scheduledAt }: Delivery): EndpointNews =>
  updatedAt > scheduledAt ? { wasChanged: true } : {};

/** If another worker recorded the same attempt first, its record counts. */
async function record({ recordAttempt, findAttempt }: AttemptDeps, attempt: Attempt): Promise<AttemptReport> {
  if ((await recordAttempt(attempt)) === 'recorded') return { kind: 'attempted', attempt };
  const recorded = await findAttempt(attempt.endpointId, attempt.attemptId);
  return { kind: 'recorded', attempt: recorded ?? attempt };
}

const maxUrls = 1_000;

/** A URL as records show it. Checked before anything is sent: what cannot be recorded must not be sent either. */
const withoutCredentials = rememberResults((text) => {
  const url = URL.parse(text);
  if (!url) throw new UnusableData('the endpoint has an invalid URL');
  url.username = '';
  url.password = '';
  return url.href;
}, maxUrls);

function logAttempt({ log, counters }: AttemptDeps, attempt: Attempt, { outcome }: AttemptResult): void {
  const { messageId, endpointId, attemptNumber, responseStatusCode, responseDurationMs } = attempt;
  log.info('attempt.finished', {
    messageId,
    endpointId,
    attemptNumber,
    outcome: outcome.kind,
    status: responseStatusCode,
    durationMs: responseDurationMs,
    next: attempt.next.kind,
  });
  const { applicationId } = attempt;
  countOwn(counters, applicationId, {
    name: attempt.status === 'succeeded' ? 'AttemptsSucceeded' : 'AttemptsFailed',
    of: { applicationId, outcome: outcome.kind === 'unreachable' ? outcome.reason : outcome.kind },
  });
}
