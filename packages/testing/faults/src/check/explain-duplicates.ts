import { type Event, type Killed, ofKind, type Received } from '../history/event.ts';
import { keyOf, type ObservedDelivery } from './delivery.ts';
import { matchAttempts } from './match-attempts.ts';
import { indexWork, type SentRequest, type WorkIndex } from './sent-requests.ts';

/**
 * Why a request has no record of its own. `killed`: its worker, or the store, was killed before the record was made.
 * `two-workers`: another worker had a copy of the same job at the same time, and recorded the same attempt.
 * `answer-lost`: the connection broke without an answer, and the request was sent again in the same attempt.
 */
export const causes = ['killed', 'two-workers', 'answer-lost'] as const;
export type Cause = (typeof causes)[number] | 'unexplained';

export interface Duplicate {
  readonly cause: Cause;
  readonly delivery: ObservedDelivery;
  readonly request: Received;
}

/** The step of a kill of the store, in a scenario in which it is a process of its own. */
export const storeStep = 'the store';

/**
 * Finds the cause of each request that has no record. Each is attributed to the request that a worker of the host has
 * begun, and to no other. So neither the time of a kill nor that of another worker explains anything by itself.
 */
export function explainDuplicates(
  deliveries: readonly ObservedDelivery[],
  history: readonly Event[],
): readonly Duplicate[] {
  const work = indexWork(history);
  const kills = ofKind(history, 'killed');
  return deliveries.flatMap((delivery) => {
    const { unrecorded } = matchAttempts(delivery);
    if (unrecorded.length === 0) return [];
    const { endpoint, message } = delivery;
    const left = work.sentOf(endpoint.path, keyOf(endpoint.endpointId, message.messageId)).flatMap((sent) => {
      const cause = causeOf(sent, work, kills);
      return cause === undefined ? [] : [{ sent, cause }];
    });
    return unrecorded.map((request): Duplicate => {
      const own = left.findIndex(({ sent, cause }) => fits(request, sent, cause));
      const [found] = own === -1 ? [] : left.splice(own, 1);
      return { delivery, request, cause: found?.cause ?? 'unexplained' };
    });
  });
}

const fits = (request: Received, { sent }: SentRequest, cause: Cause): boolean =>
  sent.timestamp === request.timestamp && (cause !== 'answer-lost' || request.answer === 'lost');

/** Why a request that was begun has no record. Nothing if it has one, or if nothing explains it. */
function causeOf({ sent, then }: SentRequest, work: WorkIndex, kills: readonly Killed[]): Cause | undefined {
  const own = work.find(sent.work);
  if (own === undefined) return undefined;
  const hasLostStore = kills.some(
    ({ step, at }) => step === storeStep && at >= own.beganAt && at <= (own.endedAt ?? Number.POSITIVE_INFINITY),
  );
  switch (then?.kind) {
    case 'sent':
      return 'answer-lost';
    case 'record-put':
      if (then.outcome === 'failed') return hasLostStore ? 'killed' : undefined;
      // It may be its own record, if the answer of the store was lost. Then the request has a record.
      return then.outcome === 'exists' && work.hasRival(then, own) ? 'two-workers' : undefined;
    case undefined: {
      const hasDied = own.endedAt === undefined && kills.some(({ step, at }) => step !== storeStep && at >= sent.at);
      return hasDied || hasLostStore ? 'killed' : undefined;
    }
  }
}
