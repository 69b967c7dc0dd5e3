import { version } from '@posthorn/core/version';
import * as z from 'zod/mini';
import { allOperations } from './all-operations.ts';
import { type AnswerOptions, answersOf } from './answers.ts';
import { maxBodyDepth, maxBodyParts } from './body-limits.ts';
import { documentation, type ValueOptions } from './documentation.ts';
import { type Deprecation, maxNameLength, type Operation } from './operation.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>>; readonly securitySchemes: JsonObject };
}

export interface DocumentOptions extends AnswerOptions, ValueOptions {
  /** By default all of the API. */
  readonly operations?: readonly Operation[];
}

/** The description of operations, made from the contracts that check the requests. */
export function openApiDocument(options: DocumentOptions = {}): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Posthorn',
      version,
      description:
        'Event delivery. Speaks the Svix HTTP API. An empty query parameter counts as absent, but for `limit`. ' +
        'A request can also be refused before its operation is found, for its form, its size or the number of ' +
        'connections: 400, 408, 413, 417, 429 or 431.',
    },
    paths: toPaths(options),
    components: {
      schemas: toComponents(options),
      securitySchemes: { HTTPBearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function toPaths({ operations = Object.values(allOperations), ...options }: DocumentOptions): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: toOperation(operation, options),
    };
  }
  return paths;
}

/** `v1.message-attempt.get` is about `message-attempt`. */
const tagOf = (id: string): string => id.replace(/^v1\./, '').split('.').slice(0, -1).join(' ');

function toOperation(operation: Operation, options: AnswerOptions & ValueOptions): JsonObject {
  const { id, summary, access, body, deprecated } = operation;
  return {
    operationId: id,
    summary,
    ...(deprecated && { deprecated: true, description: deprecationText(deprecated) }),
    tags: [tagOf(id)],
    security: access === 'anyone' ? [] : [{ HTTPBearer: [] }],
    parameters: [
      ...pathParameters(operation, options),
      ...queryParameters(operation, options),
      ...headerParameters(operation),
    ],
    ...(body && { requestBody: { required: true, description: bodyLimits, content: jsonContent(body, options) } }),
    responses: toResponses(operation, options),
  };
}

const deprecationText = ({ since, sunset, instead }: Deprecation): string =>
  `Deprecated since ${since}, to be removed on ${sunset}. ${instead}`;

const bodyLimits =
  `At most 1 MiB. Beside the payload of a message, which is not parsed, at most ${maxBodyParts} members, elements and ` +
  `brackets, and at most ${maxBodyDepth} objects and lists inside each other. More are refused with 422.`;

const pathSchema = { type: 'string', minLength: 1, maxLength: maxNameLength };

const pathParameters = ({ path, newNames = {} }: Operation, options: ValueOptions): JsonObject[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: newNames[name] ? toSchema(newNames[name], options) : pathSchema,
  }));

function queryParameters({ query }: Operation, options: ValueOptions): JsonObject[] {
  if (query === undefined) return [];
  // The schema of an object has its members as schemas.
  const { properties, required = [] } = toSchema(query, options) as {
    readonly properties: Readonly<Record<string, JsonObject>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description !== undefined && { description }),
    // A list is separated by commas.
    ...(schema.type === 'array' && { style: 'form', explode: false }),
    schema,
  }));
}

const headerParameters = ({ method, access }: Operation): JsonObject[] =>
  method === 'POST' && access !== 'anyone'
    ? [{ name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string' } }]
    : [];

const toResponses = (operation: Operation, options: AnswerOptions & ValueOptions): JsonObject =>
  Object.fromEntries(
    Object.entries(answersOf(operation, options)).map(([status, schema]) => [
      status,
      {
        description: meaning[status] ?? status,
        ...headersOf(status, operation),
        ...(schema && { content: jsonContent(schema, options) }),
      },
    ]),
  );

function headersOf(status: string, { answerHeaders }: Operation): JsonObject {
  if (status === '429') return { headers: { 'Retry-After': retryAfter } };
  return answerHeaders !== undefined && Number(status) < 300 ? { headers: answerHeaders } : {};
}

const retryAfter = { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } };

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
  500: 'Internal error',
  503: 'Service unavailable',
};

const uri = (name: string): string => `#/components/schemas/${name}`;

/** A component is referred to by its name. Any other schema is written where it is used. */
function jsonContent(schema: z.ZodMiniType, options: ValueOptions): JsonObject {
  const name = documentation.get(schema)?.id;
  return { 'application/json': { schema: name === undefined ? toSchema(schema, options) : { $ref: uri(name) } } };
}

/** As the sender writes it. */
const toOptions = (options: ValueOptions) =>
  ({
    metadata: documentation,
    io: 'input',
    unrepresentable: 'any',
    override: ({
      zodSchema,
      jsonSchema,
    }: {
      readonly zodSchema: z.core.$ZodType;
      readonly jsonSchema: object;
    }): void => {
      const { written, description } = documentation.get(zodSchema) ?? {};
      if (written === undefined) return;
      // zod gives the object itself to change.
      const schema = jsonSchema as Record<string, unknown>;
      for (const keyword of Object.keys(schema)) delete schema[keyword];
      Object.assign(schema, typeof written === 'function' ? written(options) : written, description && { description });
    },
  }) as const;

const toComponents = (options: ValueOptions): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    Object.entries(z.toJSONSchema(documentation, { ...toOptions(options), uri }).schemas).map(([name, schema]) => [
      name,
      withoutIdentity(schema),
    ]),
  );

const toSchema = (schema: z.ZodMiniType, options: ValueOptions): JsonObject =>
  withoutIdentity(z.toJSONSchema(schema, toOptions(options)));

const withoutIdentity = ({ $schema: _, $id: __, id: ___, ...rest }: JsonObject): JsonObject => rest;
