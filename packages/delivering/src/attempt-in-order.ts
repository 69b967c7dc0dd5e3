import {
  attemptIdOf,
  type Delivery,
  type DeliveryRepository,
  type Endpoint,
  type HeadFacts,
  type HeadFinding,
  type HeadHistory,
  type Message,
  type Standing,
  standingAfterAttempt,
  standingOfHead,
  standingWithoutAttempt,
  type UnreadableRow,
  type Unusable,
  UnusableData,
  unlessAccepted,
  unusableEndpoint,
  wasSetAside,
} from '@posthorn/core';
import type { AttemptDeps } from './attempt-deps.ts';
import { followRecords } from './follow-records.ts';
import { alsoIfSlow } from './may-attempt.ts';
import { sendAndRecord } from './send-and-record.ts';

export interface AttemptInOrderDeps extends AttemptDeps {
  readonly findDelivery: DeliveryRepository['find'];
  readonly deleteEnded: DeliveryRepository['deleteEnded'];
  /** Whether an attempt that was asked for by hand was accepted, outside of the order. */
  readonly wasAccepted: (delivery: Delivery) => Promise<boolean>;
}

/** A delivery, and the number of the attempt that is made now although it is not due, or none is planned. */
export interface OrderedRequest {
  readonly delivery: Delivery;
  readonly now?: number;
  /** Its row cannot be read, so where it is, is not known. */
  readonly unreadable?: UnreadableRow;
}

/** Says where the first delivery of a group is, and makes its attempt if it is due. */
export type AttemptInOrder = (request: OrderedRequest) => Promise<Standing>;

/**
 * Makes the next attempt of a delivery if it is due, and never one that is recorded. Where the delivery is, is decided in
 * `core/delivery/parking`; here the facts are read. Stored data that cannot be used is such a fact. Any other error that is
 * not the endpoint's is thrown, and no attempt is recorded for it.
 */
export function createAttemptInOrder(given: AttemptInOrderDeps): AttemptInOrder {
  const deps = { ...given, mayAttempt: alsoIfSlow(given.mayAttempt) };
  return async ({ delivery, now, unreadable }) => {
    const { applicationId, endpointId } = delivery;
    const [endpoint, history] = await Promise.all([
      unlessUnusable(deps.findEndpoint(applicationId, endpointId)),
      unreadable ?? unlessUnusable(readHistory(deps, delivery)),
    ]);
    // Its job was put back: it goes on, and its job says so until it is stored again.
    if (!('unusable' in history) && history.stored && wasSetAside(history.stored)) await deps.deleteEnded(delivery);
    const facts = { item: delivery, history, endpoint, now: deps.clock(), ...(now !== undefined && { asked: now }) };
    const { finding, message } = await find(deps, facts);
    if (finding.kind !== 'send') return finding;
    // Both are there: otherwise nothing would be sent.
    return attemptNow(deps, finding.item, { endpoint: endpoint as Endpoint, message: message as Message });
  };
}

async function readHistory(deps: AttemptInOrderDeps, delivery: Delivery): Promise<HeadHistory> {
  const [stored, progress] = await Promise.all([
    deps.findDelivery({ endpointId: delivery.endpointId, messageId: delivery.messageId }),
    followRecords(delivery, deps.findAttempt),
  ]);
  return { stored, progress };
}

interface Found {
  readonly finding: Exclude<HeadFinding, { kind: 'ask' }>;
  readonly message?: Message;
}

/** The message and the list of attempts are read only if they are needed. */
async function find(deps: AttemptInOrderDeps, facts: HeadFacts, message?: Message): Promise<Found> {
  const finding = standingOfHead(facts);
  if (finding.kind !== 'ask') return { finding, ...(message && { message }) };
  const { item } = facts;
  if (finding.fact === 'wasAccepted') return find(deps, { ...facts, wasAccepted: await deps.wasAccepted(item) });
  const found = await unlessUnusable(deps.findMessage(item.applicationId, item.messageId, facts.now));
  if (found && 'unusable' in found) return find(deps, { ...facts, hasMessage: found });
  return find(deps, { ...facts, hasMessage: found !== undefined }, found);
}

/** What is asked, sent and stored here is the endpoint's: data that cannot be used is not the message's. */
async function attemptNow(
  deps: AttemptInOrderDeps,
  delivery: Delivery,
  target: { readonly endpoint: Endpoint; readonly message: Message },
): Promise<Standing> {
  const now = deps.clock();
  const planned = { delivery, attemptId: attemptIdOf(delivery), target: { kind: 'ready', ...target }, now } as const;
  const report = await unlessUnusable(sendAndRecord(deps, planned));
  if ('unusable' in report) return unusableEndpoint(delivery, report);
  switch (report.kind) {
    case 'attempted': {
      const standing = standingAfterAttempt(delivery, report.attempt, target.endpoint);
      return standing.kind === 'used-up' ? unlessAccepted(standing, await deps.wasAccepted(delivery)) : standing;
    }
    case 'recorded':
      return { kind: 'overtaken' };
    case 'deferred':
    case 'held':
      return standingWithoutAttempt(delivery, report, now);
    case 'not_due':
    case 'in_group':
    case 'slow':
    case 'canceled':
      throw new Error(`an attempt in order cannot end as ${report.kind}`);
  }
}

async function unlessUnusable<Value>(read: Promise<Value>): Promise<Value | Unusable> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof UnusableData) return { unusable: error.message };
    throw error;
  }
}
