import { afterStep } from '../after-step.ts';
import { beginRun, stepOf } from '../group-run.ts';
import type { Standing } from '../standing.ts';
import type { StepResult } from '../step.ts';
import { assess, outcomesOf, putOffBy, putOffs, record, send } from './attempts.ts';
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

/** `newEpoch`: a number that nothing in the world names. */
type WorkerRules = Rules & { readonly newEpoch: number };

/** Everything that a worker can do next, and that can happen to it. */
export function movesOfWorker(world: World, index: number, rules: WorkerRules): readonly Move[] {
  const worker = world.workers[index];
  if (!worker) return receive(world, index);
  const holds = world.queue.some(({ holder }) => holder === index);
  const { crashes, lostLocks } = world.budget;
  return [
    ...stepsOf(world, { index, worker, holds, newEpoch: rules.newEpoch }, rules),
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
  readonly newEpoch: number;
}

function stepsOf(world: World, busy: Busy, rules: WorkerRules): readonly Move[] {
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
function attempt(world: World, busy: Busy, rules: WorkerRules): readonly Move[] {
  const { index, worker, holds } = busy;
  const step = stepOf(worker.run);
  if (step.kind !== 'attempt') return [];
  const { sending } = worker;
  const message = Number(step.item.messageId);
  if (sending)
    return outcomesOf(sending.attemptNumber, world.records[message] ?? '', rules).map((outcome) =>
      move(`worker ${index} records ${outcome} of message ${message}`, () => {
        const { world: after, standing } = record(world, { item: sending, outcome }, rules);
        return continued(after, busy, { result: { kind: 'standing', standing }, hasTime: holds });
      }),
    );
  const { world: read, finding } = assess(world, step, rules);
  const goOn = (standing: Standing, from = read) =>
    continued(from, busy, { result: { kind: 'standing', standing }, hasTime: holds });
  if (finding.kind !== 'send')
    return [move(`worker ${index} finds message ${message}: ${finding.kind}`, () => goOn(finding))];
  // A worker that lost its group has no time left for an exchange that it has not begun.
  if (!holds) return [move(`worker ${index} is out of time`, () => freed(read, index))];
  const sends = () => {
    const sent = send(read, finding.item);
    return { ...sent, workers: withAt(sent.workers, index, { ...worker, sending: finding.item }) };
  };
  const late = world.budget.putOffs > 0 ? putOffs : [];
  return [
    move(`worker ${index} sends message ${message}`, sends),
    ...late.map((putOff) =>
      fault(`worker ${index} finds message ${message}: ${putOff.reason}`, () =>
        goOn(putOffBy(finding.item, putOff), spend(read, 'putOffs')),
      ),
    ),
  ];
}

function continued(
  world: World,
  { index, worker, newEpoch }: Busy,
  { result, hasTime }: { readonly result: StepResult; readonly hasTime: boolean },
): World {
  const run = afterStep(worker.run, result, { now: present, newEpoch, hasTime });
  return { ...world, workers: withAt(world.workers, index, { run }) };
}

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
