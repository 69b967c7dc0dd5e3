/** The kinds of tasks. The names are those of Svix's background tasks. */
export const taskKinds = [
  'endpoint.recover',
  'endpoint.replay',
  'endpoint.bulk-replay',
  'application.purge_content',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStatuses = ['running', 'finished', 'failed'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** The messages that a task looks at: those accepted from `since` on, and before `until`. */
export interface TaskWindow {
  readonly since: Date;
  readonly until: Date;
}

/** What has become of a message at an endpoint. `sending`: an attempt failed, and another one is planned. */
export type MessageStatus = 'success' | 'pending' | 'fail' | 'sending' | 'canceled';

/** Which messages `endpoint.bulk-replay` sends again. An absent filter lets every message pass. */
export interface BulkReplayFilters {
  readonly eventTypes?: readonly string[];
  readonly channel?: string;
  readonly tag?: string;
  readonly status?: MessageStatus;
  /** 0, 100, 200, … 500: the class of the status code of the last attempt. 0: there was no answer. */
  readonly statusCodeClass?: number;
}

/** What a task of an endpoint does. */
export type EndpointWork = TaskWindow &
  (
    | { readonly kind: 'endpoint.recover' | 'endpoint.replay' }
    | { readonly kind: 'endpoint.bulk-replay'; readonly filters: BulkReplayFilters }
  );

/** Expunges all messages of an application that were accepted before `until`. */
interface PurgeWork {
  readonly kind: 'application.purge_content';
  readonly until: Date;
}

/** What every task has. It goes through messages of one application, the oldest first, in slices. */
interface TaskState {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly taskId: string;
  readonly status: TaskStatus;
  /** How many slices are done. It is also the number of the slice that follows. */
  readonly slice: number;
  /** The last message that was looked at. The next slice begins behind it. */
  readonly cursor?: string;
  /** How many messages were looked at and left as they were. */
  readonly skipped: number;
  /** How long the next slice waits, in seconds: this keeps the task to its rate. */
  readonly pauseSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Why the task failed, in words. */
  readonly error?: string;
}

/** Sends messages to one endpoint again. */
export interface EndpointTask extends TaskState {
  readonly endpointId: string;
  readonly work: EndpointWork;
  /** How many messages were sent to the queue of the endpoint. */
  readonly sent: number;
}

/** Removes the bodies of an application's messages. */
export interface PurgeTask extends TaskState {
  readonly work: PurgeWork;
  /** How many messages have lost their body since the task was created. */
  readonly purged: number;
}

/** Work on many messages, done in slices. */
export type Task = EndpointTask | PurgeTask;

export const isEndpointTask = (task: Task): task is EndpointTask => 'endpointId' in task;
