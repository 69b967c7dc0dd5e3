import httpRouterHandler, { type Route as RouterRoute } from '@middy/http-router';
import type { Operation, Operations } from '@posthorn/contracts/api/operation';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type AuthenticationDeps, authentication, callerOf, checkAgain } from '../authentication/authentication.ts';
import { requireAccess } from '../authentication/require-access.ts';
import type { ApiAnswer, ApiEvent } from '../http/api-event.ts';
import { type ApiLogs, createApiStack } from '../http/api-stack.ts';
import { baseUrlOf } from '../http/base-url.ts';
import { jsonBody } from '../http/json-body.ts';
import { unknownPath } from '../http/refusals.ts';
import type { HoldableRequest, Operates } from './operate.ts';
import { readContent, readPath } from './read-request.ts';
import { type AnyFindPost, createPostHandler, type ServePostDeps } from './serve-post.ts';

type ServeRoute = (event: ApiEvent, context: Context) => Promise<ApiAnswer>;
type AwsHandler = RouterRoute<APIGatewayProxyEvent, APIGatewayProxyResult>['handler'];
/** The code of any operation but a POST, for the parts that treat all of them alike. */
type AnyOperate = (request: HoldableRequest) => Promise<ApiAnswer>;

export interface ApiDeps extends AuthenticationDeps, ServePostDeps, ApiLogs {}

/**
 * One function that serves several operations. Each has the route of its contract, and its code receives a request that
 * the contract has checked. A POST is done once for each idempotency key.
 */
export function createApi<Of extends Operations>(deps: ApiDeps, operations: Of, code: Operates<Of>) {
  const routes = Object.values(operations).map((operation) => {
    const { id, method, path } = operation;
    // `Operates` has code of the right type for each operation, and `readContent` returns what the contract promises.
    const serve =
      operation.method === 'POST'
        ? createPostHandler(deps, operation, code[id] as AnyFindPost)
        : createHandler(deps, operation, code[id] as AnyOperate);
    const handler: ServeRoute = (event, context) => {
      event.operation = operation;
      return serve(event, context);
    };
    return { method, path, handler: handler as unknown as AwsHandler };
  });
  const router = httpRouterHandler({ routes, notFoundResponse: () => Promise.reject(unknownPath()) });
  // The router's types know AWS's own events only; it reads method and path, and passes the event on.
  return createApiStack(deps)
    .use(authentication(deps))
    .use(jsonBody())
    .handler(router as unknown as ServeRoute);
}

function createHandler(deps: ApiDeps, operation: Operation, operate: AnyOperate): ServeRoute {
  return async (event, context) => {
    const caller = callerOf(event);
    requireAccess(caller, operation);
    const path = readPath(operation, event);
    // The code's own types say which of these it may read.
    return operate({
      caller,
      path,
      ...readContent(operation, event),
      now: deps.clock(),
      baseUrl: baseUrlOf(event),
      requestId: event.requestContext.requestId,
      remainingMs: () => context.getRemainingTimeInMillis(),
      checkAccessAgain: async () => requireAccess(await checkAgain(event), operation),
    } as HoldableRequest);
  };
}
