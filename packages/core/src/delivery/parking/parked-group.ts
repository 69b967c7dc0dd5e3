import type { TurnReason } from '../../throttle/throttle-slot.ts';
import type { ParkedReason } from '../stored-delivery.ts';

/**
 * Why a group waits or is blocked. `resumed`: someone asked for the next attempt now. `exhausted`, `message-expired`: its
 * head used up its attempts, and the policy is `block`. `unusable`: what is stored of its head or its endpoint cannot be
 * used. `fault`: its head failed again and again by a fault in Posthorn.
 */
export const groupReasons = [
  'retry',
  'scheduled',
  'throttled',
  'endpoint-slow',
  'endpoint-failing',
  'resumed',
  'exhausted',
  'message-expired',
  'endpoint-disabled',
  'unusable',
  'fault',
] as const;
export type GroupReason = (typeof groupReasons)[number];

/** What a group that does not flow is at. It changes as a whole, with a new epoch each time. */
export interface GroupChange {
  /** `waiting`: a wake comes at `notBefore`. `blocked`: only a command lets it go on. */
  readonly state: 'waiting' | 'blocked';
  /** A number that no other change of the group has. A wake is for one epoch, and does nothing in another. */
  readonly epoch: number;
  /** The message that all others of the group wait for. */
  readonly head: string;
  /** The place of the head in the line. */
  readonly place: string;
  /** The number of the head's next attempt. */
  readonly attempt: number;
  /** Only in the state `waiting`. */
  readonly notBefore?: Date;
  readonly reason: GroupReason;
  /** Why the data of its head cannot be used: with the reason `unusable`, and until the head is looked at again. */
  readonly detail?: string;
  /** Someone asked for this attempt, and the throttle or the breaker put it off: it is made after that, due or not. */
  readonly isAsked?: true;
}

/** A group that waits or is blocked: its deliveries are parked in a table. A group without this row flows. */
export interface ParkedGroup extends GroupChange {
  /** How many deliveries were parked since the row exists. Whoever deletes the row proves that it saw all of them. */
  readonly parks: number;
}

/** The reason in the row of the group's head. */
export function parkedReasonOf({ state, reason }: GroupChange): ParkedReason {
  if (state === 'blocked') return 'blocked';
  return reason === 'scheduled' || isTurn(reason) || reason === 'endpoint-failing' ? reason : 'retry';
}

/** Whether a group waits for its turn: at a limit, or at the slow destinations of its application. */
export const isTurn = (reason: GroupReason): reason is TurnReason =>
  reason === 'throttled' || reason === 'endpoint-slow';
