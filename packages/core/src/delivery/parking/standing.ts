import type { OrderPolicy } from '../../endpoint/endpoint.ts';
import type { GroupReason } from './parked-group.ts';

/** What the rules of parking read of a delivery. */
export interface ParkedItem {
  readonly messageId: string;
  /** The number of the attempt that it is at. */
  readonly attemptNumber: number;
}

/** Where the first delivery of a group is, after its records were read and an attempt was made if one was due. */
export type Standing<Item extends ParkedItem> =
  /** It was accepted, or it ended before. */
  | { readonly kind: 'through' }
  /** The endpoint asked to give up this message. */
  | { readonly kind: 'aborted'; readonly item: Item }
  /** No planned attempt is left, or the message has expired. */
  | {
      readonly kind: 'used-up';
      readonly why: 'exhausted' | 'message-expired';
      readonly policy: OrderPolicy['onExhausted'];
      /** At the attempt that it ended at. */
      readonly last: Item;
      /** At the attempt that someone can ask for. */
      readonly item: Item;
    }
  /** The endpoint answered that it is gone, so it is to be disabled. */
  | { readonly kind: 'gone'; readonly item: Item; readonly attemptedAt: Date }
  | { readonly kind: 'endpoint-disabled'; readonly item: Item }
  | { readonly kind: 'endpoint-deleted'; readonly item: Item }
  | { readonly kind: 'waits'; readonly until: Date; readonly reason: WaitReason; readonly item: Item }
  /** Its data can never be used. The reason says why. */
  | { readonly kind: 'unusable'; readonly item: Item; readonly reason: string }
  /** It failed again and again by a fault in Posthorn. */
  | { readonly kind: 'faulty'; readonly item: Item }
  /** Another worker recorded the attempt that was just made: the group is no longer ours. */
  | { readonly kind: 'overtaken' };

export type WaitReason = Extract<GroupReason, 'retry' | 'scheduled' | 'throttled' | 'endpoint-failing'>;
