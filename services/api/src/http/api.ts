import httpRouterHandler, { type Route as RouterRoute } from '@middy/http-router';
import { type OperationId, type Route, routes } from '@posthorn/contracts/api/routes';
import type { Log } from '@posthorn/platform';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type AuthenticationDeps, authentication, callerOf } from '../authentication/authentication.ts';
import { type Caller, requireAccess } from '../authentication/caller.ts';
import { notFound } from '../authentication/find-application.ts';
import { createIdempotently, type IdempotencyDeps, idempotencyKeyOf } from '../idempotency/idempotently.ts';
import type { ApiAnswer, ApiEvent } from './api-event.ts';
import { createApiStack } from './api-stack.ts';
import { jsonBody } from './json-body.ts';
import { named } from './named.ts';

/** What an operation is given of a request. */
export interface ApiRequest {
  readonly caller: Caller;
  /** A path parameter by its name in the route. */
  readonly param: (name: string) => string;
  readonly search: string;
  readonly body: unknown;
  readonly now: Date;
}

type ServeRoute = (event: ApiEvent) => Promise<ApiAnswer>;
type AwsHandler = RouterRoute<APIGatewayProxyEvent, APIGatewayProxyResult>['handler'];

export type Operate = (request: ApiRequest) => Promise<ApiAnswer>;

/** Operations by their ids: each stands under its route. */
export type Operations = Partial<Readonly<Record<OperationId, Operate>>>;

export interface ApiDeps extends AuthenticationDeps, IdempotencyDeps {
  readonly log: Log;
}

/** One function that serves several operations, each under its route. POST operations are done once for each idempotency key. */
export function createApi(deps: ApiDeps, operations: Operations) {
  const served = Object.entries(operations).map(([id, operate]) => {
    // The keys of `operations` are operations' ids by its type.
    const route: Route = routes[id as OperationId];
    const handler = createRouteHandler(deps, route, operate);
    return { method: route.method, path: route.path, handler: handler as unknown as AwsHandler };
  });
  const router = httpRouterHandler({ routes: served, notFoundResponse: () => Promise.reject(notFound()) });
  // The router's types know the events of AWS only; it reads method and path, and hands the event on.
  return createApiStack(deps)
    .use(authentication(deps))
    .use(jsonBody())
    .handler(router as unknown as ServeRoute);
}

function createRouteHandler(deps: ApiDeps, { method, access }: Route, operate: Operate) {
  const idempotently = createIdempotently(deps);
  return async (event: ApiEvent): Promise<ApiAnswer> => {
    const caller = callerOf(event);
    requireAccess(caller, access);
    const key = method === 'POST' ? idempotencyKeyOf(event) : undefined;
    return idempotently(key, () => operate(toApiRequest(event, caller, deps.clock())));
  };
}

const toApiRequest = (event: ApiEvent, caller: Caller, now: Date): ApiRequest => ({
  caller,
  param: (name) => named(event.pathParameters?.[name]),
  search: event.rawQueryString,
  body: event.body,
  now,
});
