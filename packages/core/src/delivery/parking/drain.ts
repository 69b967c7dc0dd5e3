import { askedOf, mayAct } from './asked-of-head.ts';
import { changeTo, hintSteps, patienceOf, wakeOf } from './change-group.ts';
import { decideHead, setAsideSteps, skipSteps } from './decide-head.ts';
import type { Drain, GroupJob, GroupRun, RunContext } from './group-run.ts';
import { type GroupChange, type GroupReason, isTurn, type ParkedGroup } from './parked-group.ts';
import type { Standing } from './standing.ts';
import type { Placed, Step } from './step.ts';

type JobOf<Kind> = Extract<GroupJob, { kind: Kind }>;

/** A wake that comes too early keeps its group for at most this long: clocks of machines differ by less. */
const longestHoldMs = 60_000;

/** The wait of a group is over. A wake of another epoch has nothing to do: the group went on without it. */
export function wakeGroup(job: JobOf<'wake'>, group: ParkedGroup | undefined, { now }: RunContext): GroupRun {
  if (group?.epoch !== job.epoch) return over(job);
  const isRecheck = group.state === 'blocked';
  if (isRecheck && group.reason !== 'endpoint-disabled') return over(job);
  const { notBefore } = group;
  // Whether an endpoint has recovered is decided before each attempt: such a group may be woken at any time.
  const mayBeEarly = group.reason === 'endpoint-failing';
  if (notBefore && !mayBeEarly && notBefore.getTime() - patienceOf(group.reason) > now.getTime()) {
    const until = new Date(Math.min(notBefore.getTime(), now.getTime() + longestHoldMs));
    return { job, steps: [{ kind: 'finish', result: { kind: 'held', until } }] };
  }
  const { head, attempt, parks } = group;
  const drain: Drain = {
    epoch: job.epoch,
    parks,
    slice: job.slice,
    ...(isRecheck && { recheck: head }),
    ...((isRecheck || group.reason === 'resumed' || group.isAsked) && { attemptNow: { head, attempt } }),
  };
  return { job, drain, steps: [readLowest()] };
}

/**
 * Something is asked of the head. First the group becomes one whose wait is over. So whatever happens to this worker, a wake
 * goes on with the group.
 */
export function commandGroup(
  job: JobOf<'command'>,
  group: ParkedGroup | undefined,
  { now, newEpoch }: RunContext,
): GroupRun {
  if (!group || group.head !== job.head) return over(job);
  if (!mayAct(job, group)) return over(job);
  const { parks, ...present } = group;
  const to: GroupChange = { ...present, state: 'waiting', epoch: newEpoch, notBefore: now, reason: 'resumed' };
  const asked = askedOf(job, group);
  const drain: Drain = { epoch: newEpoch, parks, slice: 0, ...asked };
  const move: Step = { kind: 'move-group', from: group.epoch, to, wakeAt: now };
  return { job, drain, steps: [move, readLowest()] };
}

/** The delivery at the lowest place is attempted. When there is none, the group flows again. */
export function afterLowest(
  { job }: GroupRun,
  drain: Drain,
  lowest: Placed | undefined,
  { hasTime }: RunContext,
): GroupRun {
  const { epoch, parks, slice, skip, leave, giveUp, attemptNow } = drain;
  if (!lowest) return { job, drain, steps: [{ kind: 'delete-group', epoch, parks }, done()] };
  const run = { job, drain, current: lowest };
  const { item, place, unreadable } = lowest;
  const toNext: readonly Step[] = [{ kind: 'delete-parked', place }, readLowest()];
  if (skip?.head === item.messageId && !unreadable?.isNameless) {
    const end = skip.unusable === undefined ? skipSteps(item, 'skipped') : setAsideSteps(item, skip.unusable);
    return { ...run, steps: [...end, ...toNext] };
  }
  if (leave === item.messageId) return { ...run, steps: toNext };
  if (giveUp?.head === item.messageId) return { ...run, steps: [...skipSteps(item, giveUp.why), ...toNext] };
  if (!hasTime) return { ...run, steps: [{ kind: 'hand-over', epoch, slice: slice + 1 }, done()] };
  const now = attemptNow?.head === item.messageId ? { now: attemptNow.attempt } : {};
  return { ...run, steps: [{ kind: 'attempt', item, ...now, ...(unreadable && { unreadable }) }] };
}

/** After the attempt of the lowest delivery: the next one follows, or the group waits or is blocked again. */
export function moveHead(
  run: GroupRun,
  { drain, head, standing }: { readonly drain: Drain; readonly head: Placed; readonly standing: Standing },
  { now, newEpoch }: RunContext,
): GroupRun {
  const { place, unreadable } = head;
  if (drain.recheck === head.item.messageId && standing.kind === 'endpoint-disabled') return over(run.job);
  const decision = decideHead(standing);
  switch (decision.kind) {
    case 'leave':
      return { ...run, steps: [...decision.steps, { kind: 'delete-parked', place }, readLowest()] };
    case 'give-back':
      return { ...run, steps: [{ kind: 'finish', result: { kind: 'held' } }] };
    case 'wait':
    case 'block': {
      const isAsked = drain.attemptNow?.head === decision.item.messageId && isPutOff(decision.reason);
      const to: GroupChange = { ...changeTo(decision, place, newEpoch), ...(isAsked && { isAsked }) };
      const move: Step = {
        kind: 'move-group',
        from: drain.epoch,
        to,
        // A row that cannot be read stays as it is, so that it can be repaired.
        ...(!unreadable && { item: decision.item }),
        ...wakeOf(to, now),
      };
      const before = decision.kind === 'block' ? decision.steps : [];
      return { ...run, steps: [...before, move, ...hintSteps(to), done()] };
    }
  }
}

/** The attempt was not made, although it may be made now. */
const isPutOff = (reason: GroupReason): boolean => isTurn(reason) || reason === 'endpoint-failing';

const over = (job: GroupJob): GroupRun => ({ job, steps: [done()] });

const readLowest = (): Step => ({ kind: 'read-lowest' });

const done = (): Step => ({ kind: 'finish', result: { kind: 'done' } });
