import type { OrderPolicy } from '../../endpoint/endpoint.ts';
import type { Delivery } from '../delivery.ts';
import type { PlannedReason } from '../stored-delivery.ts';
import type { GroupReason } from './parked-group.ts';

/** Where the first delivery of a group is, after its records were read and an attempt was made if one was due. */
export type Standing =
  /** It was accepted, or it ended before. */
  | {
      readonly kind: 'through';
      /** When it was accepted, if that answer also asked to disable the endpoint. */
      readonly goneAt?: Date;
    }
  /** The endpoint asked to give up this message. */
  | { readonly kind: 'aborted'; readonly item: Delivery }
  /** No planned attempt is left, or the message has expired. */
  | {
      readonly kind: 'used-up';
      readonly why: 'exhausted' | 'message-expired';
      readonly policy: OrderPolicy['onExhausted'];
      /** At the attempt that it ended at. */
      readonly last: Delivery;
      /** At the attempt that someone can ask for. */
      readonly item: Delivery;
    }
  /** The endpoint answered that it is gone, so it is to be disabled. */
  | { readonly kind: 'gone'; readonly item: Delivery; readonly attemptedAt: Date }
  | { readonly kind: 'endpoint-disabled'; readonly item: Delivery }
  | { readonly kind: 'endpoint-deleted'; readonly item: Delivery }
  | { readonly kind: 'waits'; readonly until: Date; readonly reason: WaitReason; readonly item: Delivery }
  /**
   * What is stored of it, of its message or of its endpoint cannot be used. The reason says why, and contains no data. If
   * it is the endpoint, the policy is `block`: all messages of all groups would be set aside otherwise.
   */
  | {
      readonly kind: 'unusable';
      readonly item: Delivery;
      readonly reason: string;
      readonly policy: OrderPolicy['onExhausted'];
    }
  /** It failed again and again by a fault in Posthorn. That blocks its group, whatever the policy. */
  | { readonly kind: 'faulty'; readonly item: Delivery }
  /** Another worker recorded the attempt that was just made: the group is no longer ours. */
  | { readonly kind: 'overtaken' };

export type WaitReason = Extract<GroupReason, PlannedReason | 'endpoint-failing'>;
