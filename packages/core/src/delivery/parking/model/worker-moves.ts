import { afterStep } from '../after-step.ts';
import { beginRun, stepOf } from '../group-run.ts';
import type { ParkedItem } from '../standing.ts';
import type { StepResult } from '../step.ts';
import { assess, outcomesOf, record, send } from './attempts.ts';
import { perform } from './stores.ts';
import { type Budget, present, type Rules, type Worker, type World, withAt } from './world.ts';

/** One thing that can happen next. A fault is something that need not happen. */
export interface Move {
  readonly name: string;
  readonly isFault: boolean;
  readonly next: () => World;
}

export const spend = (world: World, name: keyof Budget): World => ({
  ...world,
  budget: { ...world.budget, [name]: world.budget[name] - 1 },
});

/** Everything that a worker can do next, and that can happen to it. */
export function movesOfWorker(world: World, index: number, rules: Rules): readonly Move[] {
  const worker = world.workers[index];
  if (!worker) return receive(world, index);
  const holds = world.queue.some(({ holder }) => holder === index);
  const { crashes, lostLocks } = world.budget;
  return [
    ...stepsOf(world, { index, worker, holds }, rules),
    ...(crashes > 0 ? [fault(`worker ${index} dies`, () => freed(spend(world, 'crashes'), index))] : []),
    ...(lostLocks > 0 && holds
      ? [fault(`worker ${index} loses its group`, () => unheld(spend(world, 'lostLocks'), index))]
      : []),
  ];
}

function receive(world: World, index: number): readonly Move[] {
  const [first] = world.queue;
  if (!first || first.holder !== undefined) return [];
  const next = () => ({
    ...world,
    queue: withAt(world.queue, 0, { ...first, holder: index }),
    workers: withAt(world.workers, index, { run: beginRun(first.job) }),
  });
  return [move(`worker ${index} receives a ${first.job.kind}`, next)];
}

interface Busy {
  readonly index: number;
  readonly worker: Worker;
  /** Whether it still has the group for itself. Its time limit ends before that does. */
  readonly holds: boolean;
}

function stepsOf(world: World, busy: Busy, rules: Rules): readonly Move[] {
  const { index, worker } = busy;
  const step = stepOf(worker.run);
  if (step.kind === 'finish') {
    const isDone = step.result.kind === 'done';
    return [move(`worker ${index} finishes`, () => (isDone ? acknowledged(world, index) : freed(world, index)))];
  }
  if (step.kind === 'attempt') return attempt(world, busy, rules);
  const name = `worker ${index}: ${step.kind}`;
  const written = () => perform(world, step, rules);
  const go = (hasTime: boolean) => () => {
    const { world: after, result } = written();
    return continued(after, busy, { result, hasTime });
  };
  const readsBeforeAttempt = step.kind === 'read-lowest' || step.kind === 'read-group';
  if (!readsBeforeAttempt) return [move(name, go(busy.holds))];
  const late = () => spend(go(false)(), 'noTime');
  return [
    move(name, go(busy.holds)),
    ...(busy.holds && world.budget.noTime > 0 ? [fault(`${name}, and has no time`, late)] : []),
  ];
}

/** An attempt is two moves: a worker can die after it has sent, and before it has recorded. */
function attempt(world: World, busy: Busy, rules: Rules): readonly Move[] {
  const { index, worker, holds } = busy;
  const step = stepOf(worker.run);
  if (step.kind !== 'attempt') return [];
  const { sending } = worker;
  if (sending !== undefined)
    return outcomesOf(sending, world.records[Number(step.item.messageId)] ?? '', rules).map((outcome) =>
      move(`worker ${index} records ${outcome} of message ${step.item.messageId}`, () => {
        const { world: after, standing } = record(world, { item: step.item, attempt: sending, outcome }, rules);
        return continued(after, busy, { result: { kind: 'standing', standing }, hasTime: holds });
      }),
    );
  const standing = assess(world, step, rules);
  if (standing.kind !== 'send')
    return [
      move(`worker ${index} finds message ${step.item.messageId}: ${standing.kind}`, () =>
        continued(world, busy, { result: { kind: 'standing', standing }, hasTime: holds }),
      ),
    ];
  // A worker that lost its group has no time left for an exchange that it has not begun.
  if (!holds) return [move(`worker ${index} is out of time`, () => freed(world, index))];
  return [
    move(`worker ${index} sends message ${step.item.messageId}`, () => {
      const sent = send(world, step.item);
      return { ...sent, workers: withAt(sent.workers, index, { ...worker, sending: standing.attempt }) };
    }),
  ];
}

function continued(
  world: World,
  { index, worker }: Busy,
  { result, hasTime }: { readonly result: StepResult<ParkedItem>; readonly hasTime: boolean },
): World {
  const run = afterStep(worker.run, result, { now: present, newEpoch: newEpochOf(world), hasTime });
  return { ...world, workers: withAt(world.workers, index, { run }) };
}

/** An epoch that nothing in the world names. */
const newEpochOf = (world: World): number =>
  Math.max(0, ...[...JSON.stringify(world).matchAll(/"(?:epoch|from)":(\d+)/g)].map(([, epoch]) => Number(epoch))) + 1;

const freed = (world: World, index: number): World => ({
  ...unheld(world, index),
  workers: withAt(world.workers, index, undefined),
});

const unheld = (world: World, index: number): World => ({
  ...world,
  queue: world.queue.map((entry) => (entry.holder === index ? { job: entry.job } : entry)),
});

/** A worker that has lost its group no longer deletes the entry. */
const acknowledged = (world: World, index: number): World => ({
  ...world,
  queue: world.queue.filter(({ holder }) => holder !== index),
  workers: withAt(world.workers, index, undefined),
});

export const move = (name: string, next: () => World): Move => ({ name, isFault: false, next });
export const fault = (name: string, next: () => World): Move => ({ name, isFault: true, next });
