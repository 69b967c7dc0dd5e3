import type { RunningProgram } from '@posthorn/local-supervisor/testing/run-program';
import { killIfThere } from '../fixtures/start-command.ts';

/** The steps of a receiver that are done when it is killed. */
export type ReceiverStep = 'claim' | 'effect' | 'completion';

/** The receiver is killed when it has done this step this many times. */
export interface Kill {
  readonly after: ReceiverStep;
  readonly count: number;
}

/** A receiver ends by itself if it is started while its database is down. */
export const maxFailures = 5;

/** A receiver that is started again each time it is killed. */
export interface KilledReceiver {
  /** Kills that have happened, in their order. */
  readonly kills: readonly Kill[];
  /** How the program has ended otherwise, with its output. It is started again, unless that happens too often. */
  readonly failures: readonly string[];
  /** Counts a step. @returns false if the receiver was killed for it */
  continueAfter(step: ReceiverStep): boolean;
  stop(): Promise<void>;
}

/**
 * Starts a receiver, and starts it again when it has ended.
 *
 * @param start - gets the next kill, for a program that kills itself
 * @param plan - the kill of each start. After the last of them the receiver goes on.
 */
export function runKilledReceiver(
  start: (next: Kill | undefined) => RunningProgram,
  plan: readonly Kill[],
): KilledReceiver {
  const kills: Kill[] = [];
  const failures: string[] = [];
  let isStopped = false;
  let done: ReceiverStep[] = [];
  let program = start(plan[0]);
  const follow = async (): Promise<void> => {
    for (;;) {
      const how = await program.ended;
      const next = plan[kills.length];
      if (isStopped) return;
      if (how === 'SIGKILL' && next) kills.push(next);
      else failures.push(`ended with ${how}: ${program.stdout()}${program.stderr()}`);
      if (failures.length > maxFailures) return;
      done = [];
      program = start(plan[kills.length]);
    }
  };
  const following = follow();
  return {
    kills,
    failures,
    continueAfter: (step) => {
      done.push(step);
      const next = plan[kills.length];
      if (next === undefined || done.filter((each) => each === next.after).length < next.count) return true;
      killIfThere(program.pid);
      return false;
    },
    stop: async () => {
      isStopped = true;
      killIfThere(program.pid);
      await following;
    },
  };
}
