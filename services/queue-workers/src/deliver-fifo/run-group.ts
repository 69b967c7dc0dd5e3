import {
  afterStep,
  beginRun,
  type Delivery,
  type GroupJob,
  isPassingError,
  type MessageRepository,
  type Standing,
  type Step,
  stepOf,
} from '@posthorn/core';
import type { AttemptInOrder } from '@posthorn/delivering';
import type { GroupWork } from './group-work.ts';
import { type PerformStepDeps, performStep } from './perform-step.ts';
import { createReadLowest } from './read-lowest.ts';

export interface RunGroupDeps extends PerformStepDeps {
  readonly attemptInOrder: AttemptInOrder;
  readonly findMessage: MessageRepository['find'];
  /** Whether the delivery's endpoint is stored, by a read that no damaged row can make fail. */
  readonly hasEndpoint: (delivery: Delivery) => Promise<boolean>;
  /** Returns a number that was never returned before. */
  readonly newEpoch: () => number;
}

/** How a job ended. `held`: it goes back to the queue, and is not handed out before `until`. */
export type GroupResult = { readonly kind: 'done' } | { readonly kind: 'held'; readonly until?: Date };

/** A job that failed so often by a fault in Posthorn blocks its group. */
const maxFaults = 3;

/**
 * Runs a job of the FIFO queue to its end. What is done is decided in `core/delivery/parking`; here each step is done.
 *
 * @param hasTime - whether there is time for one more attempt
 */
export const createRunGroup =
  (deps: RunGroupDeps) =>
  async (work: GroupWork, hasTime: () => boolean): Promise<GroupResult> => {
    const { owner, job } = work;
    const readLowest = createReadLowest(deps, owner);
    let run = beginRun(job);
    for (;;) {
      const step = stepOf(run);
      if (step.kind === 'finish') return step.result;
      const result =
        step.kind === 'attempt'
          ? { kind: 'standing' as const, standing: await attempt(deps, work, step) }
          : await performStep(deps, { owner, readLowest }, step);
      run = afterStep(run, result, { now: deps.clock(), newEpoch: deps.newEpoch(), hasTime: hasTime() });
    }
  };

/** An attempt, and what an error of it means: one that can pass gives the job back. */
async function attempt(
  { attemptInOrder, hasEndpoint, log }: RunGroupDeps,
  { received, job }: GroupWork,
  { item, now, unreadable }: Extract<Step, { kind: 'attempt' }>,
): Promise<Standing> {
  try {
    return await attemptInOrder({
      delivery: item,
      ...(now !== undefined && { now }),
      ...(unreadable && { unreadable }),
    });
  } catch (error) {
    if (isPassingError(error)) throw error;
    const { messageId, endpointId } = item;
    log.error('delivery.failed', { messageId, endpointId, receives: received.receives, error });
    if (received.receives < maxFaults && !isAsked(job, now)) throw error;
    // Nothing would end a group that is blocked behind the sweeps of its deleted endpoint.
    return { kind: (await hasEndpoint(item)) ? 'faulty' : 'endpoint-deleted', item };
  }
}

/** Someone waits for the answer of a command: the attempt that it asks for is not tried again. */
const isAsked = ({ kind }: GroupJob, now: number | undefined): boolean => kind === 'command' && now !== undefined;
