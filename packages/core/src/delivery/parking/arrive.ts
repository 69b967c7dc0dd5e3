import { changeTo, hintSteps, wakeOf } from './change-group.ts';
import { decideHead } from './decide-head.ts';
import type { GroupJob, GroupRun, RunContext } from './group-run.ts';
import type { ParkedGroup } from './parked-group.ts';
import type { Standing } from './standing.ts';
import type { Step } from './step.ts';

type DeliveryJob = Extract<GroupJob, { kind: 'delivery' }>;

/** A delivery comes from the queue: in a group that does not flow it is parked, otherwise it is attempted. */
export function arriveAtGroup(job: DeliveryJob, group: ParkedGroup | undefined, { hasTime }: RunContext): GroupRun {
  const { item, place } = job;
  // Its worker died after it was parked.
  if (group?.place === place) return { job, steps: [...hintSteps(group), done()] };
  if (group) return { job, steps: [{ kind: 'park-behind', item, place }, done()] };
  if (!hasTime) return { job, steps: [{ kind: 'finish', result: { kind: 'held' } }] };
  return { job, steps: [{ kind: 'attempt', item }] };
}

/** After the attempt: the delivery is through, or becomes the head of a group that does not flow. */
export function parkHead(
  run: GroupRun,
  { place }: DeliveryJob,
  standing: Standing,
  { newEpoch, now }: RunContext,
): GroupRun {
  const decision = decideHead(standing);
  switch (decision.kind) {
    case 'leave':
      return { ...run, steps: [...decision.steps, done()] };
    case 'give-back':
      return { ...run, steps: [{ kind: 'finish', result: { kind: 'held' } }] };
    case 'wait':
    case 'block': {
      const to = changeTo(decision, place, newEpoch);
      const open: Step = { kind: 'open-group', item: decision.item, to, ...wakeOf(to, now) };
      const before = decision.kind === 'block' ? decision.steps : [];
      return { ...run, steps: [...before, open, ...hintSteps(to), done()] };
    }
  }
}

const done = (): Step => ({ kind: 'finish', result: { kind: 'done' } });
