/** The kinds of tasks. The names are those of Svix's background tasks. */
export const taskKinds = [
  'endpoint.recover',
  'endpoint.replay',
  'endpoint.bulk-replay',
  'application.purge_content',
  'application.stats',
  'event-type.aggregate',
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

/** Removes everything that is stored of an application that was deleted. */
export interface RemovalWork {
  readonly kind: 'application.purge_content';
  readonly removes: 'application';
  /** The uid that the application had. Another one can have it by now. */
  readonly uid?: string;
}

/** Counts the attempts of applications. The window begins and ends at full hours. */
export interface UsageWork extends TaskWindow {
  readonly kind: 'application.stats';
  /** Absent: all applications of the organisation. */
  readonly applicationIds?: readonly string[];
}

/** Lists the event types that the endpoints of each application ask for. */
export interface SubscriptionsWork {
  readonly kind: 'event-type.aggregate';
}

/** What every task has. It is done in slices. */
interface TaskState {
  readonly organisationId: string;
  readonly taskId: string;
  readonly status: TaskStatus;
  /** How many slices are done. It is also the number of the slice that follows. */
  readonly slice: number;
  /** How far it is. For work on messages: the last one that was looked at. */
  readonly cursor?: string;
  /** How long the next slice waits, in seconds: this keeps the task to its rate. */
  readonly pauseSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Why the task failed, in words. */
  readonly error?: string;
}

interface ApplicationTaskState extends TaskState {
  readonly applicationId: string;
}

/** Sends messages to one endpoint again. */
export interface EndpointTask extends ApplicationTaskState {
  readonly endpointId: string;
  readonly work: EndpointWork;
  /** How many messages were sent to the queue of the endpoint. */
  readonly sent: number;
  /** How many messages were looked at and not sent. */
  readonly skipped: number;
}

/** Removes the bodies of an application's messages. */
export interface PurgeTask extends ApplicationTaskState {
  readonly work: PurgeWork;
  /** How many messages have lost their body since the task was created. */
  readonly purged: number;
  /** How many messages were looked at and had no body any more. */
  readonly skipped: number;
}

/** Removes an application. */
export interface RemovalTask extends ApplicationTaskState {
  readonly work: RemovalWork;
  /** How many messages were removed. */
  readonly removed: number;
  /** How many other rows were removed. */
  readonly removedOthers: number;
}

/** Looks at applications of an organisation, and has a result. */
export interface StatisticsTask extends TaskState {
  readonly work: UsageWork | SubscriptionsWork;
  /** How many applications are in the result. */
  readonly counted: number;
  /** The length of the result so far, as JSON. */
  readonly resultBytes: number;
}

/** Work that is done in slices. */
export type Task = EndpointTask | PurgeTask | RemovalTask | StatisticsTask;

export const isEndpointTask = (task: Task): task is EndpointTask => 'endpointId' in task;
export const isRemovalTask = (task: Task): task is RemovalTask => 'removed' in task;
export const isStatisticsTask = (task: Task): task is StatisticsTask => 'counted' in task;

/** What every task begins with. */
export const newTaskProgress = (now: Date) =>
  ({ status: 'running', slice: 0, pauseSeconds: 0, createdAt: now, updatedAt: now }) as const;
