import { type Event, ofKind } from '../history/event.ts';
import { groupByDelivery, type ObservedDelivery } from './delivery.ts';
import { type Cause, causes, type Duplicate, explainDuplicates } from './explain-duplicates.ts';
import { findDisorder } from './find-disorder.ts';
import { findRecordedTwice, findWrongStatistics } from './find-doubles.ts';
import { findExcess } from './find-excess.ts';
import { countKinds, findIdle } from './find-idle.ts';
import { findLost } from './find-lost.ts';
import { findOverLimit } from './find-over-limit.ts';
import { findStaleRows } from './find-stale-rows.ts';
import { matchAttempts } from './match-attempts.ts';
import type { Violation } from './violation.ts';

/** What a history shows. */
export interface Verdict {
  readonly deliveries: number;
  readonly requests: number;
  readonly violations: readonly Violation[];
  /** How many duplicates have each known cause. They are allowed: delivery is at least once. */
  readonly duplicates: Readonly<Record<Exclude<Cause, 'unexplained'>, number>>;
  /** The most memory that the host had, and the most that it read of an answer, in bytes. */
  readonly most: { readonly memory: number; readonly answer: number };
  /** How often each kind of fault happened. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Checks every promise over a whole history. */
export function checkHistory(history: readonly Event[]): Verdict {
  const { all, strange } = groupByDelivery(history);
  const duplicates = explainDuplicates(all, history);
  const count = (wanted: Cause) => duplicates.filter(({ cause }) => cause === wanted).length;
  return {
    deliveries: all.length,
    requests: all.reduce((sum, { requests }) => sum + requests.length, 0),
    duplicates: Object.fromEntries(causes.map((cause) => [cause, count(cause)])) as Verdict['duplicates'],
    most: {
      memory: greatest(ofKind(history, 'memory')),
      answer: greatest(ofKind(history, 'most-read')),
    },
    faults: countKinds(history),
    violations: [
      ...findLost(all, history),
      ...strange.map(({ kind, messageId }) => ({
        promise: 'invented' as const,
        what: `${kind} ${messageId}`,
        messageId,
      })),
      ...findWrongBodies(all),
      ...findDisorder(all, history),
      ...findOverLimit(all, history),
      ...findRecordedTwice(all, history),
      ...findUnsent(all),
      ...findStaleRows(all, history),
      ...findWrongStatistics(history),
      ...duplicates.filter(({ cause }) => cause === 'unexplained').map(toViolation),
      ...findIdle(history),
      ...findExcess(history),
    ],
  };
}

const greatest = (events: readonly { readonly bytes: number }[]): number =>
  events.reduce((most, { bytes }) => Math.max(most, bytes), 0);

const findWrongBodies = (deliveries: readonly ObservedDelivery[]): readonly Violation[] =>
  deliveries.flatMap(({ endpoint: { path, endpointId }, message: { messageId, digest }, requests }) =>
    requests
      .filter((request) => request.digest !== digest)
      .map(() => ({ promise: 'wrong-body' as const, what: `${path} ${messageId}`, messageId, endpointId })),
  );

const findUnsent = (deliveries: readonly ObservedDelivery[]): readonly Violation[] =>
  deliveries.flatMap((delivery) =>
    matchAttempts(delivery).unsent.map(({ attemptNumber, statusCode, messageId, endpointId }) => ({
      promise: 'receipt-without-request' as const,
      what: `${delivery.endpoint.path} ${messageId}: attempt ${attemptNumber}, status ${statusCode}`,
      messageId,
      endpointId,
    })),
  );

const toViolation = ({ delivery: { endpoint, message }, request }: Duplicate): Violation => ({
  promise: 'unexplained',
  what: `${endpoint.path} ${message.messageId}: request ${request.order}`,
  messageId: message.messageId,
  endpointId: endpoint.endpointId,
});
