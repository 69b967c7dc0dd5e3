import { version } from '@posthorn/core/version';
import * as z from 'zod/mini';
import { allOperations } from './all-operations.ts';
import { maxBodyDepth, maxBodyParts } from './body-limits.ts';
import { documentation } from './documentation.ts';
import type { Operation } from './operation.ts';
import { problemOut, validationProblemOut } from './problem.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>>; readonly securitySchemes: JsonObject };
}

const operations: readonly Operation[] = Object.values(allOperations);

/** The description of every operation, made from the contracts that check the requests. */
export function openApiDocument(): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: 'Posthorn', version, description: 'Event delivery. Speaks the Svix HTTP API.' },
    paths: toPaths(),
    components: {
      schemas: toComponents(),
      securitySchemes: { HTTPBearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function toPaths(): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: toOperation(operation) };
  }
  return paths;
}

/** `v1.message-attempt.get` is about `message-attempt`. */
const tagOf = (id: string): string => id.replace(/^v1\./, '').split('.').slice(0, -1).join(' ');

function toOperation(operation: Operation): JsonObject {
  const { id, summary, access, body } = operation;
  return {
    operationId: id,
    summary,
    tags: [tagOf(id)],
    security: access === 'anyone' ? [] : [{ HTTPBearer: [] }],
    parameters: [...pathParameters(operation), ...queryParameters(operation), ...headerParameters(operation)],
    ...(body && { requestBody: { required: true, description: bodyLimits, content: jsonContent(body) } }),
    responses: { ...toResponses(operation), ...refusals(operation) },
  };
}

const bodyLimits =
  `At most 1 MiB. Beside the payload of a message, which is not parsed, at most ${maxBodyParts} members, elements and ` +
  `brackets, and at most ${maxBodyDepth} objects and lists inside each other. More are refused with 422.`;

const pathParameters = ({ path }: Operation): JsonObject[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = ({ query }: Operation): JsonObject[] =>
  Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    // All query schemas are zod mini schemas.
    schema: toSchema(schema as z.ZodMiniType),
  }));

const headerParameters = ({ method, access }: Operation): JsonObject[] =>
  method === 'POST' && access !== 'anyone'
    ? [{ name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string' } }]
    : [];

const toResponses = ({ answers }: Operation): JsonObject =>
  Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      { description: meaning[status] ?? status, ...(schema && { content: jsonContent(schema) }) },
    ]),
  );

const refusals = ({ access }: Operation): JsonObject => {
  if (access === 'anyone') return {};
  const refusal = (status: string) => ({ description: meaning[status], content: jsonContent(problemOut) });
  return {
    ...Object.fromEntries(['400', '401', '403', '404', '409', '413', '429'].map((status) => [status, refusal(status)])),
    422: { description: meaning['422'], content: jsonContent(validationProblemOut) },
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
  503: 'Service unavailable',
};

const uri = (name: string): string => `#/components/schemas/${name}`;

/** A component is referred to by its name. Any other schema is written where it is used. */
function jsonContent(schema: z.ZodMiniType): JsonObject {
  const name = documentation.get(schema)?.id;
  return { 'application/json': { schema: name === undefined ? toSchema(schema) : { $ref: uri(name) } } };
}

/** As the sender writes it: defaults absent, values of a query as text. */
const options = { metadata: documentation, io: 'input', unrepresentable: 'any' } as const;

const toComponents = (): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    Object.entries(z.toJSONSchema(documentation, { ...options, uri }).schemas).map(([name, schema]) => [
      name,
      withoutIdentity(schema),
    ]),
  );

const toSchema = (schema: z.ZodMiniType): JsonObject => withoutIdentity(z.toJSONSchema(schema, options));

const withoutIdentity = ({ $schema: _, $id: __, id: ___, ...rest }: JsonObject): JsonObject => rest;
