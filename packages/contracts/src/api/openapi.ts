import * as z from 'zod/mini';
import { type ComponentName, components, type Operation, operations } from './operations.ts';
import { type OperationId, type Route, routes } from './routes.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: JsonObject;
}

/** The description of every operation that is served, made from the schemas that check the requests. */
export function openApiDocument(): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: 'Posthorn', version: '1.0.0', description: 'Event delivery. Speaks the Svix HTTP API.' },
    paths: toPaths(),
    components: {
      schemas: Object.fromEntries(Object.entries(components).map(([name, schema]) => [name, toSchema(schema)])),
      securitySchemes: { HTTPBearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function toPaths(): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const id of Object.keys(routes) as OperationId[]) {
    // The keys of `routes` are the operations' ids: a `const` object, nothing else is added to it.
    const { method, path } = routes[id];
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(id, routes[id]) };
  }
  return paths;
}

function toOperation(id: OperationId, route: Route): JsonObject {
  const { summary, query, body, answers } = operations[id];
  return {
    operationId: id,
    summary,
    tags: [id.split('.').at(-2)],
    security: route.access === 'anyone' ? [] : [{ HTTPBearer: [] }],
    parameters: [...pathParameters(route), ...queryParameters(query), ...headerParameters(route)],
    ...(body && { requestBody: { required: true, content: jsonContent(body) } }),
    responses: { ...toResponses(answers), ...refusals(route) },
  };
}

const pathParameters = ({ path }: Route): JsonObject[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = (query: Operation['query']): JsonObject[] =>
  Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    // Every shape of a query is made of mini schemas.
    schema: toSchema(schema as z.ZodMiniType),
  }));

const headerParameters = ({ method, access }: Route): JsonObject[] =>
  method === 'POST' && access !== 'anyone'
    ? [{ name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string' } }]
    : [];

const toResponses = (answers: Operation['answers']): JsonObject =>
  Object.fromEntries(
    Object.entries(answers).map(([status, name]) => [
      status,
      { description: meaning[status] ?? status, ...(name && { content: jsonContent(name) }) },
    ]),
  );

const refusals = ({ access }: Route): JsonObject => {
  if (access === 'anyone') return {};
  const refusal = (status: string) => ({ description: meaning[status], content: jsonContent('HttpErrorOut') });
  return {
    ...Object.fromEntries(['400', '401', '403', '404', '409', '413', '429'].map((status) => [status, refusal(status)])),
    422: { description: meaning['422'], content: jsonContent('HTTPValidationError') },
  };
};

const meaning: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No content',
  307: 'Temporary redirect',
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Content too large',
  422: 'Validation error',
  429: 'Too many requests',
};

const jsonContent = (name: ComponentName): JsonObject => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});

/** As the sender writes it: defaults absent, query values as the text that they are. */
function toSchema(schema: z.ZodMiniType): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
