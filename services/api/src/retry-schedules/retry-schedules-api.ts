import { type RetryScheduleOut, retryScheduleOperations } from '@posthorn/contracts/api/retry-schedule';
import type {
  ApplicationRepository,
  EndpointRepository,
  EventTypeRepository,
  RetrySchedule,
  RetryScheduleRepository,
} from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { createApplicationFinder } from '../applications/find-application.ts';
import { createEndpointFinder } from '../endpoints/find-endpoint.ts';
import { json, noContent } from '../http/answer.ts';
import { notFound } from '../http/refusals.ts';
import { type ApiDeps, createApi } from '../operations/create-api.ts';
import type { Operates } from '../operations/operate.ts';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';

export interface RetrySchedulesApiDeps extends ApiDeps, UpdateWithRetryDeps {
  readonly applications: Pick<ApplicationRepository, 'find'>;
  readonly endpoints: Pick<EndpointRepository, 'find' | 'update'>;
  readonly eventTypes: Pick<EventTypeRepository, 'find'>;
  readonly retrySchedules: Pick<RetryScheduleRepository, 'find' | 'put' | 'delete'>;
}

export const createRetrySchedulesApi = (deps: RetrySchedulesApiDeps) =>
  createApi(deps, retryScheduleOperations, { ...ofOrganisation(deps), ...ofEventType(deps), ...ofEndpoint(deps) });

/** The code of some of the operations. */
type Some = Partial<Operates<typeof retryScheduleOperations>>;

const toOut = (retrySchedule: RetrySchedule | undefined) =>
  json(200, { retrySchedule: retrySchedule ? [...retrySchedule] : null } satisfies RetryScheduleOut);

const ofOrganisation = ({ retrySchedules }: RetrySchedulesApiDeps) =>
  ({
    'v1.retry-schedule.get': async ({ caller: { organisationId } }) =>
      toOut(await retrySchedules.find({ organisationId })),
    'v1.retry-schedule.set': async ({ caller: { organisationId }, body }) => {
      await retrySchedules.put({ organisationId }, body.retrySchedule);
      return noContent();
    },
    'v1.retry-schedule.delete': async ({ caller: { organisationId } }) => {
      await retrySchedules.delete({ organisationId });
      return noContent();
    },
  }) satisfies Some;

function ofEventType({ eventTypes, retrySchedules }: RetrySchedulesApiDeps) {
  const ownerOf = async ({ caller, path }: { caller: Caller; path: { readonly event_type_name: string } }) => {
    const { organisationId } = caller;
    const eventType = path.event_type_name;
    if ((await eventTypes.find(organisationId, eventType)) === undefined) throw notFound();
    return { organisationId, eventType };
  };
  return {
    'v1.retry-schedule.get-of-event-type': async (request) => toOut(await retrySchedules.find(await ownerOf(request))),
    'v1.retry-schedule.set-of-event-type': async (request) => {
      await retrySchedules.put(await ownerOf(request), request.body.retrySchedule);
      return noContent();
    },
    'v1.retry-schedule.delete-of-event-type': async (request) => {
      await retrySchedules.delete(await ownerOf(request));
      return noContent();
    },
  } satisfies Some;
}

/** Of an endpoint of either mode. */
function ofEndpoint(deps: RetrySchedulesApiDeps) {
  const findApplication = createApplicationFinder(deps.applications);
  const find = createEndpointFinder({ findApplication, endpoints: deps.endpoints }, 'endpoint_id');
  const change = (request: Parameters<typeof find>[0] & { readonly now: Date }, schedule: RetrySchedule | undefined) =>
    updateWithRetry(deps, {
      read: async () => (await find(request)).endpoint,
      write: deps.endpoints.update,
      change: ({ retrySchedule: _, ...rest }) => ({
        ...rest,
        ...(schedule && { retrySchedule: schedule }),
        updatedAt: request.now,
      }),
    });
  return {
    'v1.retry-schedule.get-of-endpoint': async (request) => toOut((await find(request)).endpoint.retrySchedule),
    'v1.retry-schedule.set-of-endpoint': async (request) => {
      await change(request, request.body.retrySchedule);
      return noContent();
    },
    'v1.retry-schedule.delete-of-endpoint': async (request) => {
      await change(request, undefined);
      return noContent();
    },
  } satisfies Some;
}
