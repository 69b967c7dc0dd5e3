import type { Delivery } from '../delivery.ts';
import type { GroupChange, ParkedGroup } from './parked-group.ts';
import type { Standing } from './standing.ts';

/** How a delivery ended. It is stored, so that nothing ends without a receipt and late copies end too. */
export type Ending =
  | { readonly state: 'failed'; readonly reason: 'exhausted' | 'gone' | 'aborted' | 'skipped' | 'set_aside' }
  | { readonly state: 'canceled'; readonly reason: 'endpoint_deleted' | 'message_expired' };

/** One thing that a worker does. Each one is a single write, a single send or reads only, and may be done again. */
export type Step =
  | { readonly kind: 'read-group' }
  /** Reads the delivery at the lowest place of the group's line. */
  | { readonly kind: 'read-lowest' }
  /**
   * Reads where the delivery is, and makes its attempt if one is due. `now`: the attempt of this number is made although it
   * is not due, or although no planned one is left. If it was made before, its record counts.
   */
  | {
      readonly kind: 'attempt';
      readonly item: Delivery;
      readonly now?: number;
      readonly unreadable?: UnreadableRow;
    }
  /** Parks a delivery behind the others, in one transaction with a count in the group's row. Refused if that is gone. */
  | { readonly kind: 'park-behind'; readonly item: Delivery; readonly place: string }
  /** Parks a head, and puts the group's row and its wake, in one transaction. Refused if the group has a row. */
  | { readonly kind: 'open-group'; readonly item: Delivery; readonly to: GroupChange; readonly wakeAt?: Date }
  /**
   * Changes the group's row, puts its wake, and changes the row of its head if one is given, in one transaction. Refused
   * if the group has another epoch.
   */
  | {
      readonly kind: 'move-group';
      readonly from: number;
      readonly to: GroupChange;
      readonly item?: Delivery;
      readonly wakeAt?: Date;
    }
  /** Lets the group flow. Refused if it has another epoch, or if anything was parked since it was read. */
  | { readonly kind: 'delete-group'; readonly epoch: number; readonly parks: number }
  | { readonly kind: 'delete-parked'; readonly place: string }
  /** Sends a wake that comes at the second. Nothing depends on it. */
  | { readonly kind: 'hint'; readonly epoch: number; readonly at: Date }
  /** Sends the wake that goes on with the same epoch. */
  | { readonly kind: 'hand-over'; readonly epoch: number; readonly slice: number }
  | { readonly kind: 'disable-endpoint'; readonly at: Date }
  | { readonly kind: 'dead-letter'; readonly item: Delivery; readonly reason: string }
  | { readonly kind: 'put-ending'; readonly item: Delivery; readonly ending: Ending }
  /** The job is done, or goes back to its queue for some seconds, and its group with it. */
  | { readonly kind: 'finish'; readonly result: JobResult };

export type JobResult = { readonly kind: 'done' } | { readonly kind: 'held'; readonly until?: Date };

/** Why the row of a parked delivery cannot be read. `isNameless`: it does not even name its message. */
export interface UnreadableRow {
  readonly unusable: string;
  readonly isNameless?: true;
}

/** A delivery at its place in a group's line. */
export interface Placed {
  readonly item: Delivery;
  readonly place: string;
  /** Its row cannot be read. `item` is what fan-out planned, as far as the row names it. */
  readonly unreadable?: UnreadableRow;
}

/** What a step came to. */
export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'group'; readonly group: ParkedGroup | undefined }
  | { readonly kind: 'lowest'; readonly lowest: Placed | undefined }
  | { readonly kind: 'standing'; readonly standing: Standing };
