import { nameIn, type QueueDefinition } from '../definition.ts';
import type { QueueState } from '../queue/state.ts';
import { missing, queueDoesNotExist } from './failure.ts';

/** What operations work on. */
export interface OperationContext {
  readonly region: string;
  readonly queues: ReadonlyMap<string, QueueState>;
  /** Creates a queue, or changes the definition of an existing one. Resolves when that is durable. */
  readonly define: (definition: QueueDefinition) => Promise<void>;
}

/** How one request arrived. */
export interface RequestContext {
  /** Where queue URLs begin. */
  readonly endpoint: string;
  /** Aborts when the caller has gone. */
  readonly signal?: AbortSignal | undefined;
}

/** An operation. Its input is checked field by field: it may come from any program. */
export type Operation = (context: OperationContext, input: Input, request: RequestContext) => Promise<object>;

export type Input = Readonly<Record<string, unknown>>;

/** Finds the queue of `QueueUrl`. Only the name counts, so that URLs stay valid if the port changes. */
export function requireQueue({ queues }: OperationContext, { QueueUrl }: Input): QueueState {
  if (typeof QueueUrl !== 'string' || QueueUrl === '') throw missing('QueueUrl');
  const queue = queues.get(nameIn(QueueUrl));
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}
