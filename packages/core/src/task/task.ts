/** The kinds of tasks. The names are those of Svix's background tasks. */
export const taskKinds = ['endpoint.recover', 'endpoint.replay', 'endpoint.bulk-replay'] as const;
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

/** What a task does. */
export type TaskWork = TaskWindow &
  (
    | { readonly kind: 'endpoint.recover' | 'endpoint.replay' }
    | { readonly kind: 'endpoint.bulk-replay'; readonly filters: BulkReplayFilters }
  );

/** Work on many deliveries of one endpoint, done in slices. */
export interface Task {
  readonly organisationId: string;
  readonly applicationId: string;
  readonly endpointId: string;
  readonly taskId: string;
  readonly work: TaskWork;
  readonly status: TaskStatus;
  /** How many slices are done. It is also the number of the slice that follows. */
  readonly slice: number;
  /** The last message that was looked at. The next slice begins behind it. */
  readonly cursor?: string;
  /** How many messages were sent to the queue of the endpoint. */
  readonly sent: number;
  /** How many messages were looked at and not sent. */
  readonly skipped: number;
  /** How long the next slice waits, in seconds: this keeps the task to its rate. */
  readonly pauseSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Why the task failed, in words. */
  readonly error?: string;
}
