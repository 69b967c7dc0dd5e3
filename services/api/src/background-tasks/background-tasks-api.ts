import { type BulkReplayIn, backgroundTaskOperations } from '@posthorn/contracts/api/background-task';
import { statisticsOperations } from '@posthorn/contracts/api/statistics';
import {
  type ApplicationRepository,
  type BulkReplayFilters,
  type EndpointRepository,
  type EndpointWork,
  isId,
  isStatisticsTask,
  type Task,
  type TaskRepository,
  type TaskWindow,
  taskKinds,
} from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createEndpointFinder } from '../endpoints/find-endpoint.ts';
import { json } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { freshOrigin, type RequestOrigin } from '../idempotency/request-origin.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { PathRequest } from '../operations/operate.ts';
import { emptyList, toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';
import { createSubscriptionsStarter, createUsageStarter } from './start-statistics.ts';
import { createPurgeStarter, createTaskStarter, type StartTaskDeps } from './start-task.ts';
import { toBegunTaskOut, toTaskOut } from './task-out.ts';
import { readTaskWindow } from './task-window.ts';

export interface BackgroundTasksApiDeps extends ApiDeps, StartTaskDeps {
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly endpoints: Pick<EndpointRepository, 'find'>;
  readonly tasks: Pick<TaskRepository, 'insert' | 'find' | 'list' | 'readResult'>;
}

export function createBackgroundTasksApi(deps: BackgroundTasksApiDeps) {
  const { tasks } = deps;
  const findApplication = createApplicationFinder({ find: deps.findAccepting });
  const findEndpoint = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const start = createTaskStarter(deps);
  const startPurge = createPurgeStarter(deps);
  const startUsage = createUsageStarter(deps);
  const startSubscriptions = createSubscriptionsStarter(deps);

  const findTask = async (caller: Caller, taskId: string): Promise<Task | undefined> => {
    const task = isId('task', taskId) ? await tasks.find(caller.organisationId, taskId) : undefined;
    return task && maySee(caller, task) ? task : undefined;
  };
  const taskExists = (caller: Caller) => async (taskId: string) => (await findTask(caller, taskId)) !== undefined;
  /** A POST that starts a task of an endpoint, from the work that its body asks for. */
  const startsTask =
    <Body>(toWork: (body: Body, now: Date) => EndpointWork) =>
    async (request: EndpointRequest) => {
      const { application, endpoint } = await findEndpoint(request);
      return {
        ids: [application.applicationId, endpoint.endpointId],
        exists: taskExists(request.caller),
        operate: async ({ body, origin, now }: StartBody<Body>) =>
          json(202, toBegunTaskOut(await start({ endpoint, work: toWork(body, now), origin, now }))),
      };
    };

  return createApi(
    deps,
    { ...backgroundTaskOperations, ...statisticsOperations },
    {
      'v1.background-task.list': async ({ caller, query }) => {
        const request = readPageRequest(query, (text) => isId('task', text));
        const { direction } = request;
        const { order = 'descending', status, task } = query;
        const kind = taskKinds.find((one) => one === task);
        // A kind that does not exist here matches no task.
        if (task !== undefined && kind === undefined) return json(200, emptyList);
        const page = await tasks.list(caller.organisationId, {
          ...request,
          order,
          ...(status && { status }),
          ...(kind && { kind }),
          ...(caller.kind === 'application' && { applicationId: caller.applicationId }),
        });
        return json(200, toListAnswer({ direction, page, idOf: ({ taskId }) => taskId, toRow: (it) => toTaskOut(it) }));
      },
      'v1.background-task.get': async ({ caller, path }) => {
        const task = await findTask(caller, path.task_id);
        if (!task) throw notFound();
        const hasResult = isStatisticsTask(task) && task.status === 'finished';
        const result = hasResult ? await tasks.readResult(task.organisationId, task.taskId) : undefined;
        return json(200, toTaskOut(task, result));
      },
      'v1.endpoint.recover': startsTask((body, now) => ({ kind: 'endpoint.recover', ...readTaskWindow(body, now) })),
      'v1.endpoint.replay-missing': startsTask((body, now) => ({
        kind: 'endpoint.replay',
        ...readTaskWindow(body, now),
      })),
      'v1.endpoint.bulk-replay': startsTask((body: BulkReplayIn, now) => toBulkReplay(body, readTaskWindow(body, now))),
      'v1.statistics.aggregate-app-stats': async ({ caller }) => ({
        ids: [],
        exists: taskExists(caller),
        operate: async ({ body, origin, now }) => {
          const { organisationId } = caller;
          const { task, unresolved } = await startUsage(body, { organisationId, origin, now });
          return json(202, { ...toBegunTaskOut(task), unresolvedAppIds: unresolved });
        },
      }),
      'v1.statistics.aggregate-event-types': async ({ caller: { organisationId }, now }) => {
        const origin = freshOrigin(now, deps.randomBytes);
        return json(202, toBegunTaskOut(await startSubscriptions({ organisationId, origin, now })));
      },
      'v1.message.expunge-all-contents': async ({ caller, path }) => {
        const application = await findApplication(caller, path.app_id);
        return {
          ids: [application.applicationId],
          exists: taskExists(caller),
          operate: async ({ origin, now }) => json(202, toBegunTaskOut(await startPurge({ application, origin, now }))),
        };
      },
    },
  );
}

interface StartBody<Body> {
  readonly body: Body;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

type EndpointRequest = PathRequest<(typeof backgroundTaskOperations)['v1.endpoint.recover']>;

const maySee = (caller: Caller, task: Task): boolean =>
  caller.kind === 'organisation' || (!isStatisticsTask(task) && caller.applicationId === task.applicationId);

const statuses = ['success', 'pending', 'fail', 'sending', 'canceled'] as const;

function toBulkReplay(
  { eventTypes, channel, tag, status, statusCodeClass }: BulkReplayIn,
  window: TaskWindow,
): EndpointWork {
  const named = status == null ? undefined : statuses[status];
  const filters: BulkReplayFilters = {
    ...(eventTypes && { eventTypes }),
    ...(channel != null && { channel }),
    ...(tag != null && { tag }),
    ...(named && { status: named }),
    ...(statusCodeClass != null && { statusCodeClass }),
  };
  return { kind: 'endpoint.bulk-replay', ...window, filters };
}
