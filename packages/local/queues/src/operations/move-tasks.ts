import { randomUUID } from 'node:crypto';
import { nameIn } from '../definition.ts';
import { type Move, moveMessages } from '../queue/move-messages.ts';
import type { QueueState } from '../queue/state.ts';
import type { Input, Operation, OperationContext } from './context.ts';
import { missing, SqsFailure } from './failure.ts';

/** A move of dead letters. It is in memory: when the process ends, the rest stays where it is. */
interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  readonly progress: Move;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  reason?: string;
}

const keptTasks = 10;
const tasksOf = new WeakMap<QueueState, MoveTask[]>();

export const startMessageMoveTask: Operation = async (context, input) => {
  const queue = requireDeadLetters(context, input);
  const { DestinationArn: to } = input;
  const target = to === undefined ? undefined : context.queues.get(nameIn(String(to)));
  if (to !== undefined && target === undefined) throw notFound('DestinationArn');
  const tasks = tasksOf.get(queue) ?? [];
  if (tasks.some(({ status }) => status === 'RUNNING'))
    throw new SqsFailure(
      'UnsupportedOperation',
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  const task: MoveTask = {
    handle: randomUUID(),
    sourceArn: queue.arn,
    destinationArn: target?.arn,
    startedAt: queue.now(),
    toMove: queue.counters.messages,
    progress: { moved: 0 },
    status: 'RUNNING',
  };
  tasksOf.set(queue, [task, ...tasks].slice(0, keptTasks));
  moveMessages(
    queue,
    ({ extras }) => target ?? context.queues.get(nameIn(extras?.sourceArn ?? '')),
    task.progress,
  ).then(
    () => {
      task.status = 'COMPLETED';
    },
    (error: unknown) => {
      task.status = 'FAILED';
      task.reason = error instanceof Error ? error.message : String(error);
    },
  );
  return { TaskHandle: task.handle };
};

export const listMessageMoveTasks: Operation = async (context, input) => {
  const tasks = tasksOf.get(requireDeadLetters(context, input)) ?? [];
  const { MaxResults: limit = 1 } = input;
  return {
    Results: tasks.slice(0, Number(limit)).map((task) => ({
      ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
      Status: task.status,
      SourceArn: task.sourceArn,
      ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
      ApproximateNumberOfMessagesMoved: task.progress.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      StartedTimestamp: task.startedAt,
      ...(task.reason === undefined ? {} : { FailureReason: task.reason }),
    })),
  };
};

/** The source must be the dead-letter queue of another queue. */
function requireDeadLetters({ queues }: OperationContext, { SourceArn: arn }: Input): QueueState {
  if (typeof arn !== 'string' || arn === '') throw missing('SourceArn');
  const queue = queues.get(nameIn(arn));
  if (queue === undefined) throw notFound('SourceArn');
  if (![...queues.values()].some(({ definition }) => definition.deadLetters?.name === queue.name))
    throw new SqsFailure('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  return queue;
}

const notFound = (parameter: string): SqsFailure =>
  new SqsFailure(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    404,
  );
