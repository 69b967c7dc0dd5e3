import { changeTo, hintSteps, wakeOf } from './change-group.ts';
import { decideHead } from './decide-head.ts';
import type { GroupJob, GroupRun, RunContext } from './group-run.ts';
import type { ParkedGroup } from './parked-group.ts';
import type { ParkedItem, Standing } from './standing.ts';
import type { Step } from './step.ts';

type DeliveryJob<Item extends ParkedItem> = Extract<GroupJob<Item>, { kind: 'delivery' }>;

/** A delivery comes from the queue: in a group that does not flow it is parked, otherwise it is attempted. */
export function arriveAtGroup<Item extends ParkedItem>(
  job: DeliveryJob<Item>,
  group: ParkedGroup | undefined,
  { hasTime }: RunContext,
): GroupRun<Item> {
  const { item, place } = job;
  // Its worker died after it was parked.
  if (group?.place === place) return { job, steps: [...hintSteps<Item>(group), done()] };
  if (group) return { job, steps: [{ kind: 'park-behind', item, place }, done()] };
  if (!hasTime) return { job, steps: [{ kind: 'finish', result: { kind: 'held' } }] };
  return { job, steps: [{ kind: 'attempt', item }] };
}

/** After the attempt: the delivery is through, or becomes the head of a group that does not flow. */
export function parkHead<Item extends ParkedItem>(
  run: GroupRun<Item>,
  { place }: DeliveryJob<Item>,
  standing: Standing<Item>,
  { newEpoch, now }: RunContext,
): GroupRun<Item> {
  const decision = decideHead(standing);
  switch (decision.kind) {
    case 'leave':
      return { ...run, steps: [...decision.steps, done()] };
    case 'give-back':
      return { ...run, steps: [{ kind: 'finish', result: { kind: 'held' } }] };
    case 'wait':
    case 'block': {
      const to = changeTo(decision, place, newEpoch);
      const open: Step<Item> = { kind: 'open-group', item: decision.item, to, ...wakeOf(to, now) };
      const before = decision.kind === 'block' ? decision.steps : [];
      return { ...run, steps: [...before, open, ...hintSteps<Item>(to), done()] };
    }
  }
}

const done = <Item extends ParkedItem>(): Step<Item> => ({ kind: 'finish', result: { kind: 'done' } });
