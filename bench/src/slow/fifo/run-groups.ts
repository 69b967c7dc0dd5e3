import type { Turn } from '../../../../services/queue-workers/src/deliver-fifo/take-turns.ts';
import type { countUse } from '../count-use.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { createAttempts, Outcome } from './attempts.ts';
import type { OrderedDelivery, OrderedJob } from './group-queue.ts';

export interface RunGroupsOptions {
  readonly clock: VirtualClock;
  readonly use: ReturnType<typeof countUse>;
  readonly attempt: ReturnType<typeof createAttempts>['attempt'];
  readonly sendWake: (group: string) => void;
}

type End = (result: 'done' | 'held') => void;

/** The reads of a job, and the writes that park a delivery. */
export const stepMs = 15;

/** Runs jobs of groups: those that flow from the queue, and those that wait from the table. */
export function createRunGroups({ clock, use, attempt, sendWake }: RunGroupsOptions) {
  /** What is parked, by group. A group without a line flows. */
  const parked = new Map<string, OrderedDelivery[]>();

  function deliver(delivery: OrderedDelivery, turn: Turn, end: End): void {
    const { group } = delivery;
    const line = parked.get(group);
    if (line) {
      line.push(delivery);
      use.park(false);
      end('done');
    } else if (turn.hasTime()) {
      attempt(delivery, turn, (outcome) => {
        if (outcome.kind === 'waits') {
          parked.set(group, [outcome.item]);
          planWake(group, outcome);
        }
        end('done');
      });
    } else end('held');
  }

  function drain(group: string, turn: Turn, end: End): void {
    const line = parked.get(group) ?? [];
    const [lowest] = line;
    if (!lowest) {
      parked.delete(group);
      use.write();
      end('done');
    } else if (turn.hasTime()) {
      attempt(lowest, turn, (outcome) => {
        if (outcome.kind === 'through') {
          line.shift();
          use.unpark();
          drain(group, turn, end);
          return;
        }
        line[0] = outcome.item;
        planWake(group, outcome);
        end('done');
      });
    } else {
      // The worker hands over.
      sendWake(group);
      end('done');
    }
  }

  function planWake(group: string, { wakeAt }: Extract<Outcome, { kind: 'waits' }>): void {
    use.park(true);
    use.wake();
    clock.at(wakeAt, () => sendWake(group));
  }

  return (job: OrderedJob, turn: Turn, end: End): void =>
    clock.at(clock.now() + stepMs, () =>
      job.kind === 'wake' ? drain(job.group, turn, end) : deliver(job.delivery, turn, end),
    );
}
