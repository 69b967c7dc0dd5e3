import type { ParkedItem, Standing } from '../standing.ts';
import { future, isThrough, type Records, type Rules, type World, withAt } from './world.ts';

/** Where a message is before an attempt of it, or the number of the attempt that is to be made. */
export function assess(
  world: World,
  { item, now }: { readonly item: ParkedItem; readonly now?: number },
  { policy }: Rules,
): Standing<ParkedItem> | { readonly kind: 'send'; readonly attempt: number } {
  const message = Number(item.messageId);
  const records = world.records[message] ?? '';
  if (world.endpoint === 'deleted') return { kind: 'endpoint-deleted', item };
  if (isThrough(world, message)) return { kind: 'through' };
  const attempt = records.length + 1;
  const next = { messageId: item.messageId, attemptNumber: attempt };
  const mayBeNow = now !== undefined && attempt <= now;
  const last = records.at(-1);
  if (last === 'X' && !mayBeNow) return { kind: 'used-up', why: 'exhausted', policy, last: item, item: next };
  if (last === 'G' && !mayBeNow) return { kind: 'gone', item: next, attemptedAt: future };
  if (last === 'r' && !mayBeNow) return { kind: 'waits', until: future, reason: 'retry', item: next };
  if (world.endpoint === 'disabled') return { kind: 'endpoint-disabled', item: next };
  return { kind: 'send', attempt };
}

/** Notes that an attempt is sent. Every message before it must have been accepted, or have ended. */
export function send(world: World, item: ParkedItem): World {
  const message = Number(item.messageId);
  for (let earlier = 0; earlier < message; earlier += 1)
    if (!isThrough(world, earlier)) throw new Error(`message ${message} is sent before message ${earlier} has ended`);
  if (message < world.lastSent) throw new Error(`message ${message} is sent after message ${world.lastSent}`);
  return { ...world, lastSent: message };
}

/** What the endpoint can answer to an attempt. */
export const outcomesOf = (attempt: number, records: Records, { retries, mayBeGone }: Rules): readonly string[] => [
  'S',
  attempt <= retries ? 'r' : 'X',
  // Once for each message: enabling the endpoint again and again would never end.
  ...(mayBeGone && !records.includes('G') ? ['G'] : []),
];

/** Records an attempt, unless it is recorded. */
export function record(
  world: World,
  { item, attempt, outcome }: { readonly item: ParkedItem; readonly attempt: number; readonly outcome: string },
  { policy }: Rules,
): { readonly world: World; readonly standing: Standing<ParkedItem> } {
  const message = Number(item.messageId);
  const records = world.records[message] ?? '';
  if (records.length >= attempt) return { world, standing: { kind: 'overtaken' } };
  const recorded = { ...world, records: withAt(world.records, message, records + outcome) };
  const next = { messageId: item.messageId, attemptNumber: attempt + 1 };
  switch (outcome) {
    case 'S':
      return { world: recorded, standing: { kind: 'through' } };
    case 'X':
      return { world: recorded, standing: { kind: 'used-up', why: 'exhausted', policy, last: item, item: next } };
    case 'G':
      return { world: recorded, standing: { kind: 'gone', item: next, attemptedAt: future } };
    default:
      return { world: recorded, standing: { kind: 'waits', until: future, reason: 'retry', item: next } };
  }
}
