import type { GroupAction } from './group-command.ts';
import type { Placed, Step } from './step.ts';

/** A job of a group. Its worker has the group for itself, as long as the queue keeps the job hidden. */
export type GroupJob =
  /** A delivery from fan-out. */
  | ({ readonly kind: 'delivery' } & Placed)
  /** The group's wait is over, or a worker without time left hands over (`slice` from 1). */
  | { readonly kind: 'wake'; readonly epoch: number; readonly slice: number }
  /** A person or a change of the endpoint asks for something. It concerns the head and its attempt, and nothing else. */
  | {
      readonly kind: 'command';
      readonly action: GroupAction;
      readonly head: string;
      readonly attempt: number;
    };

/** What a worker has seen of the group that it drains. */
export interface Drain {
  readonly epoch: number;
  readonly parks: number;
  readonly slice: number;
  /** The message of a group that is looked at once more. If the endpoint is still disabled, nothing changes. */
  readonly recheck?: string;
  /** The message, and the number of its attempt, that is made now, due or not. */
  readonly attemptNow?: { readonly head: string; readonly attempt: number };
  /** The message that is skipped, and why it cannot be used if that is the reason. */
  readonly skip?: { readonly head: string; readonly unusable?: string };
  /** The message that was accepted beside its group. */
  readonly leave?: string;
  /** The message that blocked its group, and may do so no longer. */
  readonly giveUp?: { readonly head: string; readonly why: 'exhausted' | 'message-expired' };
}

/** A worker on its way through a job: a value, so that a model can stop it at every step. */
export interface GroupRun {
  readonly job: GroupJob;
  /** Present while the worker attempts parked deliveries. */
  readonly drain?: Drain;
  /** The parked delivery that the steps are about. */
  readonly current?: Placed;
  /** What is to be done, in this order. It is never empty. */
  readonly steps: readonly Step[];
}

/** What a decision takes from outside. */
export interface RunContext {
  readonly now: Date;
  /** A number that was never an epoch of this group. */
  readonly newEpoch: number;
  /** Whether there is time for one more attempt. */
  readonly hasTime: boolean;
}

/** A worker that has received a job. */
export const beginRun = (job: GroupJob): GroupRun => ({
  job,
  steps: [{ kind: 'read-group' }],
});

/** The step that is next. The run is over after `finish`. */
export function stepOf({ steps }: GroupRun): Step {
  return steps[0] ?? { kind: 'finish', result: { kind: 'done' } };
}
