import type { Delivery } from '../../delivery.ts';
import type { StoredDelivery } from '../../stored-delivery.ts';
import { afterRecord, type HeadProgress, type RecordedEnd } from '../head-progress.ts';
import type { Standing } from '../standing.ts';
import { type PutOff, standingAfterAttempt, standingWithoutAttempt } from '../standing-after-attempt.ts';
import { type HeadFinding, standingOfHead, unlessAccepted, wasSetAside } from '../standing-of-head.ts';
import { future, isThrough, present, type Records, type Rules, type World, withAt } from './world.ts';

const broken = { unusable: 'it cannot be used' };

/** The endpoint as the worker reads it. */
const endpointOf = ({ endpoint }: World, { policy }: Rules) =>
  endpoint === 'deleted' ? undefined : { order: { onExhausted: policy }, disabled: endpoint === 'disabled' };

export interface Assessed {
  readonly world: World;
  readonly finding: Exclude<HeadFinding, { kind: 'ask' }>;
}

/** Where a message is before an attempt of it. The same decisions as the worker's, on facts that are read from the world. */
export function assess(
  world: World,
  { item, now: asked }: { readonly item: Delivery; readonly now?: number },
  rules: Rules,
): Assessed {
  const message = Number(item.messageId);
  const { damage } = world;
  const isDamaged = (of: 'message' | 'row' | 'code') => damage?.of === of && damage.message === message;
  if (isDamaged('code')) {
    const isGone = world.endpoint === 'deleted' && rules.without !== 'look-for-endpoint';
    return { world, finding: { kind: isGone ? 'endpoint-deleted' : 'faulty', item } };
  }
  const stored = storedOf(world, item);
  const isBack = !isDamaged('row') && stored !== undefined && wasSetAside(stored);
  const endpoint = endpointOf(world, rules);
  const finding = standingOfHead({
    item,
    history: isDamaged('row') ? broken : { stored, progress: progressOf(world.records[message] ?? '', item) },
    endpoint: damage?.of === 'endpoint' && endpoint ? broken : endpoint,
    hasMessage: isDamaged('message') ? broken : world.expired[message] !== true,
    wasAccepted: world.resent[message] === true,
    now: present,
    ...(asked !== undefined && { asked }),
  });
  if (finding.kind === 'ask') throw new Error(`${finding.fact} was given, and is asked for`);
  return { world: isBack ? { ...world, stored: withAt(world.stored, message, 'none') } : world, finding };
}

function storedOf({ stored }: World, delivery: Delivery): StoredDelivery | undefined {
  switch (stored[Number(delivery.messageId)]) {
    case 'ended':
      return { state: 'failed', reason: 'skipped', delivery, since: present };
    case 'set-aside':
      return { state: 'failed', reason: 'set_aside', delivery, since: present };
    default:
      return undefined;
  }
}

/** The records from the attempt on that the item is at. */
function progressOf(records: Records, item: Delivery): HeadProgress {
  let progress: HeadProgress = { kind: 'open', delivery: item };
  for (const letter of records.slice(item.attemptNumber - 1)) {
    if (progress.kind === 'through') break;
    progress = afterRecord(progress.delivery, endOf(letter));
  }
  return progress;
}

const nextOf: Readonly<Record<string, RecordedEnd['next']>> = {
  S: { kind: 'done' },
  R: { kind: 'retry', at: present },
  r: { kind: 'retry', at: future },
  G: { kind: 'gone' },
  D: { kind: 'gone' },
  A: { kind: 'aborted' },
};

const endOf = (letter: string): RecordedEnd => ({
  status: letter === 'S' || letter === 'D' ? 'succeeded' : 'failed',
  next: nextOf[letter] ?? { kind: 'exhausted' },
  attemptedAt: present,
});

/** Notes that an attempt is sent. Every message before it must have been accepted, or have ended. */
export function send(world: World, item: Delivery): World {
  const message = Number(item.messageId);
  // One that was set aside is out of order when it is put back.
  if (world.wasSetAside[message]) return world;
  for (let earlier = 0; earlier < message; earlier += 1)
    if (!isThroughOrAside(world, earlier))
      throw new Error(`message ${message} is sent before message ${earlier} has ended`);
  if (message < world.lastSent) throw new Error(`message ${message} is sent after message ${world.lastSent}`);
  return { ...world, lastSent: message };
}

const isThroughOrAside = (world: World, message: number): boolean =>
  world.wasSetAside[message] === true || isThrough(world, message);

/** What the endpoint can answer to an attempt. */
export const outcomesOf = (attempt: number, records: Records, { retries, asks }: Rules): readonly string[] => [
  'S',
  attempt <= retries ? 'r' : 'X',
  // Once for each message: enabling the endpoint again and again would never end.
  ...(asks !== undefined && !records.includes(asks) ? [asks] : []),
];

/** Why an attempt can be put off. */
export const putOffs: readonly PutOff[] = [
  { kind: 'deferred', until: future, slot: { of: 'all', rates: { endpoint: 1 }, tries: 1 }, reason: 'throttled' },
  { kind: 'held', until: future, reason: 'endpoint-failing' },
];

export const putOffBy = (item: Delivery, putOff: PutOff): Standing => standingWithoutAttempt(item, putOff, present);

/** Records an attempt, unless it is recorded. */
export function record(
  world: World,
  { item, outcome }: { readonly item: Delivery; readonly outcome: string },
  rules: Rules,
): { readonly world: World; readonly standing: Standing } {
  const message = Number(item.messageId);
  const records = world.records[message] ?? '';
  if (records.length >= item.attemptNumber) return { world, standing: { kind: 'overtaken' } };
  const recorded = { ...world, records: withAt(world.records, message, records + outcome) };
  const standing = standingAfterAttempt(item, endOf(outcome), { order: { onExhausted: rules.policy } });
  const isUsedUp = standing.kind === 'used-up';
  return { world: recorded, standing: isUsedUp ? unlessAccepted(standing, world.resent[message] === true) : standing };
}
