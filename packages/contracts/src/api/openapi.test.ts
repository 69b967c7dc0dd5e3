import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { allOperations } from './all-operations.ts';
import { openApiDocument } from './openapi.ts';
import { defineOperations } from './operation.ts';

const document = openApiDocument();
const served = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: object;
}

const operationOf = (id: keyof typeof allOperations) =>
  served.find(({ operation }) => operation.operationId === id)?.operation ?? {};

/** A parameter of an operation. */
const parameterOf = (id: keyof typeof allOperations, name: string): Parameter | undefined =>
  // The document is typed as JSON: parameters are a list of objects.
  (operationOf(id).parameters as readonly Parameter[]).find((one) => one.name === name);

/** The fields of a component. */
const fieldsOf = (name: string) =>
  // The document is typed as JSON.
  (document.components.schemas[name] as { readonly properties: Readonly<Record<string, object>> }).properties;

const statusesOf = (id: keyof typeof allOperations): readonly string[] =>
  Object.keys(operationOf(id).responses as object);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    // The validator's own type of a document is narrower than JSON, and it changes what it gets.
    const copy = structuredClone(document) as unknown as Parameters<typeof SwaggerParser.validate>[0];
    expect(await SwaggerParser.validate(copy)).toMatchObject({ openapi: '3.1.0' });
  });

  it('has schemas that a validator of JSON Schema accepts', () => {
    const ajv = new Ajv2020({ strictTypes: false, formats: { 'date-time': true, uri: true, regex: true } });
    ajv.addVocabulary(['components', 'schemas']);
    // Components refer to each other within the document.
    ajv.addSchema({ $id: 'document', components: document.components });
    const names = Object.keys(document.components.schemas);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
    }
  });

  it('is JSON', () => expect(JSON.parse(JSON.stringify(document))).toEqual(document));

  it('describes every operation, and nothing else', () => {
    const expected = Object.values(allOperations).map(({ method, path }) => `${method} ${path}`);
    expect(served.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(expected.sort());
  });

  it('gives every operation an id of its own', () => {
    const ids = served.map(({ operation }) => operation.operationId);
    expect(ids.sort()).toEqual(Object.keys(allOperations).sort());
  });

  it('refers only to schemas that it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    const names = Object.keys(document.components.schemas);
    expect(references.map(([, name]) => name).filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it('requires a token for every operation that needs one', () => {
    const open = served.filter(({ operation }) => JSON.stringify(operation.security) === '[]').map(({ path }) => path);
    expect(new Set(open)).toEqual(
      new Set(['/api/v1/health', '/api/v1/health/live', '/api/v1/openapi.json', '/docs', '/']),
    );
  });

  it('names the parameters of every path', () => {
    const patched = document.paths['/api/v1/app/{app_id}/endpoint/{endpoint_id}']?.patch;
    expect(patched?.parameters).toMatchObject([{ name: 'app_id' }, { name: 'endpoint_id' }]);
  });

  it('lists every component, with a reference to each component inside it', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining(['ApplicationIn', 'EndpointUpdate', 'MessageIn', 'HttpErrorOut']));
    const list = document.components.schemas.ListResponse_EndpointOut_;
    expect(list).toMatchObject({ properties: { data: { items: { $ref: '#/components/schemas/EndpointOut' } } } });
  });

  it('says that a message has one time of retention', () => {
    const isAbsent = (name: string) => ({ properties: { [name]: { type: 'null' } } });
    expect(document.components.schemas.MessageIn?.allOf).toContainEqual({
      anyOf: [isAbsent('payloadRetentionPeriod'), isAbsent('payloadRetentionHours')],
    });
  });

  it('requires every field of an answer that strict SDKs need', () => {
    const required = (name: string) => (document.components.schemas[name] as { required: string[] }).required;
    expect(required('EndpointStats')).toEqual(
      expect.arrayContaining(['success', 'pending', 'sending', 'fail', 'canceled']),
    );
    expect(required('DestinationOut')).toEqual(expect.arrayContaining(['failureReason', 'nextRetryAt']));
  });

  it('describes the values of a query as a client has them: numbers with their bounds, booleans, times', () => {
    expect(parameterOf('v1.application.list', 'limit')).toMatchObject({
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 250, default: 50 },
    });
    expect(parameterOf('v1.event-type.list', 'include_archived')?.schema).toEqual({ type: 'boolean' });
    expect(parameterOf('v1.message-attempt.list-by-msg', 'status')?.schema).toEqual({
      type: 'integer',
      enum: [0, 1, 2, 3, 4],
    });
    expect(parameterOf('v1.message.list', 'before')?.schema).toMatchObject({ type: 'string', format: 'date-time' });
    expect(parameterOf('v1.message.list', 'event_types')).toMatchObject({
      style: 'form',
      explode: false,
      schema: { type: 'array', items: { type: 'string' }, maxItems: 250 },
    });
  });

  it('says what a parameter means where its name does not', () => {
    const iterator = parameterOf('v1.message.list', 'iterator');
    expect(iterator).toMatchObject({
      description: expect.stringContaining('prevIterator'),
      schema: { type: 'string' },
    });
  });

  it('describes a time only where the time has a meaning of its own', () => {
    expect(fieldsOf('DeliveryOut').since).toMatchObject({ description: expect.any(String) });
    expect(fieldsOf('ApplicationOut').createdAt).not.toHaveProperty('description');
  });

  it.each([
    ['v1.application.list', '-app_37dGalobY3b8mvohiOvKKgxCrCf', 'ep_37dGalobY3b8mvohiOvKKgxCrCf'],
    ['v1.endpoint.list', 'ep_37dGalobY3b8mvohiOvKKgxCrCf', 'ep_z7dGalobY3b8mvohiOvKKgxCrCf'],
    ['v1.event-type.list', '~-a.b', '-'],
    ['v1.event-type.list', 'a'.repeat(256), 'a'.repeat(257)],
  ] as const)('says which iterators %s takes', (id, valid, invalid) => {
    const { pattern = '' } = (parameterOf(id, 'iterator')?.schema ?? {}) as { readonly pattern?: string };
    expect([valid, invalid].map((iterator) => new RegExp(pattern, 'u').test(iterator))).toEqual([true, false]);
  });

  it.each([
    ['v1.event-type.update', 'event_type_name', 'a.b', '..'],
    ['v1.message.poller.poll', 'sink_id', '...', '..'],
    ['v1.message.poller.consumer-poll', 'consumer_id', 'a b', '.'],
    ['v1.message.poller.consumer-seek', 'sink_id', '.a', '.'],
  ] as const)('says which new names %s takes as %s', (id, parameter, valid, invalid) => {
    const { pattern = '' } = (parameterOf(id, parameter)?.schema ?? {}) as { readonly pattern?: string };
    expect([valid, invalid].map((name) => new RegExp(pattern, 'u').test(name))).toEqual([true, false]);
  });

  it('says whether URLs may be http', () => {
    const urlOf = (allowHttp: boolean) => openApiDocument({ allowHttp }).components.schemas.EndpointIn?.properties;
    expect(urlOf(false)).toMatchObject({ url: { format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]://' } });
    expect(urlOf(true)).toMatchObject({ url: { format: 'uri', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' } });
  });

  it('says what texts look like, and which values are needed', () => {
    expect(fieldsOf('ApplicationIn').name).toMatchObject({ pattern: '^[^\\u0000-\\u0008]*$', maxLength: 1024 });
    expect(fieldsOf('EndpointHeadersIn').headers).toMatchObject({
      propertyNames: { $ref: '#/components/schemas/HeaderName' },
      additionalProperties: { $ref: '#/components/schemas/HeaderValue' },
    });
    expect(JSON.stringify(fieldsOf('AppPortalAccessIn').capabilities)).toContain('"contains":{"const":"ViewBase"}');
    expect(JSON.stringify(fieldsOf('DestinationIn').metadata)).toContain('"enum":["block","skip"]');
    expect(fieldsOf('MessageAttemptOut').status).toMatchObject({ type: 'integer', enum: [0, 1, 2, 3, 4] });
    expect(fieldsOf('MessageAttemptOut').triggerType).toMatchObject({ type: 'integer', enum: [0, 1] });
  });

  it('says which parameters are required', () => {
    expect(parameterOf('v1.delivery.list', 'state')).toMatchObject({ required: true });
    const path = { type: 'string', minLength: 1, maxLength: 256 };
    expect(parameterOf('v1.message.get', 'msg_id')).toMatchObject({ required: true, schema: path });
  });

  it('requires a payload of a message, under one of its names', () => {
    expect(document.components.schemas.MessageIn?.allOf).toMatchObject([
      { anyOf: [{ required: ['payload'] }, { required: ['data'] }, { required: ['transformationsParams'] }] },
      { anyOf: expect.any(Array) },
    ]);
  });

  it('lists a refusal only where it can happen', () => {
    expect(statusesOf('v1.application.list')).toEqual(['200', '400', '401', '403', '422', '500', '503']);
    expect(statusesOf('v1.endpoint.get')).toEqual(['200', '401', '403', '404', '500', '503']);
    expect(statusesOf('v1.endpoint.delete')).toEqual(['204', '401', '403', '404', '409', '500', '503']);
    const resend = ['202', '400', '401', '403', '404', '409', '413', '422', '500', '503'];
    expect(statusesOf('v1.message-attempt.resend')).toEqual(resend);
    expect(statusesOf('v1.health.get')).toEqual(['200', '503']);
    expect(served.filter(({ operation }) => '429' in (operation.responses as object))).toEqual([]);
  });

  it('marks a deprecated operation, and says what to use', () => {
    const deprecated = { since: '2026-01-31', sunset: '2026-12-31', instead: 'Use things.' };
    const operations = defineOperations('things', {
      'v1.thing.get': {
        method: 'GET',
        path: '/api/v1/thing',
        access: 'anyone',
        summary: 'Get a thing',
        answers: { 200: null },
        deprecated,
      },
    });
    expect(openApiDocument({ operations: Object.values(operations) }).paths['/api/v1/thing']?.get).toMatchObject({
      deprecated: true,
      description: 'Deprecated since 2026-01-31, to be removed on 2026-12-31. Use things.',
    });
  });
});
