/** Why a group waits or is blocked. */
export type GroupReason =
  /** The head's next attempt is planned for later. */
  | 'retry'
  | 'scheduled'
  | 'throttled'
  | 'endpoint-failing'
  /** Someone asked for the next attempt now. */
  | 'resumed'
  /** The head used up its attempts, and the policy is `block`. */
  | 'exhausted'
  | 'message-expired'
  | 'endpoint-disabled'
  /** The head's job failed again and again by a fault in Posthorn. */
  | 'fault';

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
}

/** A group that waits or is blocked: its deliveries are parked in a table. A group without this row flows. */
export interface ParkedGroup extends GroupChange {
  /** How many deliveries were parked since the row exists. Whoever deletes the row proves that it saw all of them. */
  readonly parks: number;
}
