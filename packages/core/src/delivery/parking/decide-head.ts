import type { GroupReason } from './parked-group.ts';
import type { ParkedItem, Standing } from './standing.ts';
import type { Step } from './step.ts';

/** What becomes of the first delivery of a group, and with it of the group. */
export type HeadDecision<Item extends ParkedItem> =
  /** It leaves the group after these steps, and the next one is the head. */
  | { readonly kind: 'leave'; readonly steps: readonly Step<Item>[] }
  | { readonly kind: 'wait'; readonly item: Item; readonly until: Date; readonly reason: GroupReason }
  | {
      readonly kind: 'block';
      readonly item: Item;
      readonly reason: GroupReason;
      readonly steps: readonly Step<Item>[];
    }
  | { readonly kind: 'give-back' };

/** Decides what becomes of a group's head. Every step before it leaves may be repeated after a crash. */
export function decideHead<Item extends ParkedItem>(standing: Standing<Item>): HeadDecision<Item> {
  switch (standing.kind) {
    case 'through':
      return { kind: 'leave', steps: [] };
    case 'aborted':
      return { kind: 'leave', steps: [ending(standing.item, { state: 'failed', reason: 'aborted' })] };
    case 'endpoint-deleted':
      return { kind: 'leave', steps: [ending(standing.item, { state: 'canceled', reason: 'endpoint_deleted' })] };
    case 'unusable':
      return { kind: 'leave', steps: setAsideSteps(standing.item, standing.reason) };
    case 'used-up':
      return standing.policy === 'skip'
        ? { kind: 'leave', steps: skipSteps(standing.last, standing.why) }
        : { kind: 'block', item: standing.item, reason: standing.why, steps: [] };
    case 'gone':
      return block(standing.item, 'endpoint-disabled', [{ kind: 'disable-endpoint', at: standing.attemptedAt }]);
    case 'endpoint-disabled':
      return block(standing.item, 'endpoint-disabled', []);
    case 'faulty':
      return block(standing.item, 'fault', []);
    case 'waits':
      return { kind: 'wait', item: standing.item, until: standing.until, reason: standing.reason };
    case 'overtaken':
      return { kind: 'give-back' };
  }
}

/** The steps that end a delivery without which its group goes on. */
export const skipSteps = <Item extends ParkedItem>(
  item: Item,
  why: 'exhausted' | 'message-expired' | 'skipped',
): readonly Step<Item>[] => [
  { kind: 'dead-letter', item, reason: skipReasons[why] },
  ending(
    item,
    why === 'message-expired' ? { state: 'canceled', reason: 'message_expired' } : { state: 'failed', reason: why },
  ),
];

const setAsideSteps = <Item extends ParkedItem>(item: Item, reason: string): readonly Step<Item>[] => [
  { kind: 'dead-letter', item, reason },
  ending(item, { state: 'failed', reason: 'set_aside' }),
];

/** The reasons of dead letters that have ended: their groups went on without them. */
export const skipReasons = {
  exhausted: 'retries exhausted',
  'message-expired': 'the message has expired',
  skipped: 'skipped by request',
} as const;

const block = <Item extends ParkedItem>(item: Item, reason: GroupReason, steps: readonly Step<Item>[]) =>
  ({ kind: 'block', item, reason, steps }) as const;

const ending = <Item extends ParkedItem>(
  item: Item,
  given: Extract<Step<Item>, { kind: 'put-ending' }>['ending'],
): Step<Item> => ({ kind: 'put-ending', item, ending: given });
