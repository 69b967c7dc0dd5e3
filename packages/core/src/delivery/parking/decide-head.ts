import type { Delivery } from '../delivery.ts';
import type { GroupReason } from './parked-group.ts';
import type { Standing } from './standing.ts';
import type { Step } from './step.ts';

/** What becomes of the first delivery of a group, and with it of the group. */
export type HeadDecision =
  /** It leaves the group after these steps, and the next one is the head. */
  | { readonly kind: 'leave'; readonly steps: readonly Step[] }
  | { readonly kind: 'wait'; readonly item: Delivery; readonly until: Date; readonly reason: GroupReason }
  | {
      readonly kind: 'block';
      readonly item: Delivery;
      readonly reason: GroupReason;
      readonly steps: readonly Step[];
      /** Only with the reason `unusable`: why. */
      readonly detail?: string;
    }
  | { readonly kind: 'give-back' };

/** Decides what becomes of a group's head. Every step before it leaves may be repeated after a crash. */
export function decideHead(standing: Standing): HeadDecision {
  switch (standing.kind) {
    case 'through': {
      const { goneAt } = standing;
      return { kind: 'leave', steps: goneAt ? [{ kind: 'disable-endpoint', at: goneAt }] : [] };
    }
    case 'aborted':
      return { kind: 'leave', steps: [ending(standing.item, { state: 'failed', reason: 'aborted' })] };
    case 'endpoint-deleted':
      return { kind: 'leave', steps: [ending(standing.item, { state: 'canceled', reason: 'endpoint_deleted' })] };
    case 'unusable':
      return standing.policy === 'skip'
        ? { kind: 'leave', steps: setAsideSteps(standing.item, standing.reason) }
        : { ...block(standing.item, 'unusable', []), detail: standing.reason };
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
export const skipSteps = (item: Delivery, why: 'exhausted' | 'message-expired' | 'skipped'): readonly Step[] => [
  { kind: 'dead-letter', item, reason: skipReasons[why] },
  ending(
    item,
    why === 'message-expired' ? { state: 'canceled', reason: 'message_expired' } : { state: 'failed', reason: why },
  ),
];

/** The steps that set a delivery aside that cannot be used. Its job can be put back when its data is repaired. */
export const setAsideSteps = (item: Delivery, reason: string): readonly Step[] => [
  { kind: 'dead-letter', item, reason },
  ending(item, { state: 'failed', reason: 'set_aside' }),
];

/** The reasons of dead letters that have ended: their groups went on without them. */
export const skipReasons = {
  exhausted: 'retries exhausted',
  'message-expired': 'the message has expired',
  skipped: 'skipped by request',
} as const;

const block = (item: Delivery, reason: GroupReason, steps: readonly Step[]) =>
  ({ kind: 'block', item, reason, steps }) as const;

const ending = (item: Delivery, given: Extract<Step, { kind: 'put-ending' }>['ending']): Step => ({
  kind: 'put-ending',
  item,
  ending: given,
});
