import { type Event, type Killed, ofKind, type Received, type TwoWorkers } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import { matchAttempts } from './match-attempts.ts';

/**
 * Why a request has no record of its own. `killed`: its attempt was in flight at a kill, one for each kill.
 * `two-workers`: two workers had one job at the same time. `answer-lost`: the connection broke without an answer, and the
 * request was sent again in the same attempt.
 */
export const causes = ['killed', 'two-workers', 'answer-lost'] as const;
export type Cause = (typeof causes)[number] | 'unexplained';

export interface Duplicate {
  readonly cause: Cause;
  readonly delivery: ObservedDelivery;
  readonly request: Received;
}

/** A request of a killed process may arrive this much later. */
const onItsWayMs = 250;
/** The time from an answer to its record is at most that of all tries of a call. */
const untilRecordedMs = 3_000;
/** Within this time the sender sends again on another connection. */
const resendWindowMs = 1_500;

/** Finds the cause of each request that has no record. */
export function explainDuplicates(
  deliveries: readonly ObservedDelivery[],
  history: readonly Event[],
): readonly Duplicate[] {
  const kills = ofKind(history, 'killed');
  const pairs = Map.groupBy(ofKind(history, 'two-workers'), (event) => keyOf(event.endpointId, event.messageId));
  return deliveries.flatMap((delivery) => {
    const own = pairs.get(keyOf(delivery.endpoint.endpointId, delivery.message.messageId)) ?? [];
    const known = { kills: [...kills], pairs: [...own] };
    return matchAttempts(delivery).unrecorded.map((request) => ({
      delivery,
      request,
      cause: causeOf(request, delivery, known),
    }));
  });
}

/** Each explains one duplicate of a delivery, and is taken out then. */
interface Known {
  readonly kills: Killed[];
  readonly pairs: TwoWorkers[];
}

function causeOf(request: Received, { requests }: ObservedDelivery, { kills, pairs }: Known): Cause {
  if (isSentAgain(request, requests)) return 'answer-lost';
  const kill = kills.findIndex((killed) => isInFlight(request, killed.at));
  if (kill !== -1) {
    kills.splice(kill, 1);
    return 'killed';
  }
  const pair = pairs.findIndex(({ at }) => isNear(request, at));
  if (pair !== -1) {
    pairs.splice(pair, 1);
    return 'two-workers';
  }
  return 'unexplained';
}

const isInFlight = ({ at, endedAt }: Received, killedAt: number): boolean =>
  at <= killedAt + onItsWayMs && killedAt <= endedAt + untilRecordedMs;

/** One of two workers began while the other one was at work, so the request is of that time. */
const isNear = ({ at, endedAt }: Received, pairAt: number): boolean =>
  at <= pairAt + untilRecordedMs && pairAt <= endedAt + untilRecordedMs;

/** The same attempt has another request, on another connection, right after this one broke. */
const isSentAgain = (request: Received, requests: readonly Received[]): boolean =>
  request.answer === 'lost' &&
  requests.some(
    ({ timestamp, connection, at }) =>
      timestamp === request.timestamp &&
      connection !== request.connection &&
      at >= request.endedAt &&
      at - request.endedAt < resendWindowMs,
  );
