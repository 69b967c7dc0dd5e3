import { createRequestSources, knownValuesAt, readOperations, validRequest } from '@posthorn/api-requests';
import { openApiDocument } from '@posthorn/contracts/api/openapi';
import { anApplication, anEventType, ids, startOfTests } from '@posthorn/testing';
import fc from 'fast-check';
import { aRequest, bodyOf } from '../../fixtures/a-request.ts';
import { anApi } from '../../fixtures/an-api.ts';

const paid = {
  name: 'invoice.paid',
  description: 'Paid',
  schemas: { 1: { type: 'object' } },
  groupName: 'invoices',
  featureFlags: ['beta'],
};

function anEnvironmentApi() {
  const api = anApi();
  const post = (path: string, body?: unknown, headers = {}) =>
    api.serve(aRequest({ method: 'POST', path: `/api/v1${path}`, body, headers }));
  const exported = async () => bodyOf(await post('/environment/export'));
  const imported = (body: unknown) => post('/environment/import', body);
  const read = async (name: string) => bodyOf(await api.serve(aRequest({ path: `/api/v1/event-type/${name}` })));
  return { ...api, post, exported, imported, read };
}

describe('the export of an environment', () => {
  it('has every event type with all of its content, archived ones included', async () => {
    const { post, exported, read } = anEnvironmentApi();
    await post('/event-type', paid);
    await post('/event-type', { name: 'invoice.old', description: '', archived: true });
    expect(await exported()).toEqual({
      version: 1,
      createdAt: expect.any(String),
      eventTypes: [await read('invoice.old'), await read('invoice.paid')],
      settings: null,
      connectors: [],
    });
    expect((await exported()).eventTypes[1]).toMatchObject({ ...paid, archived: false, deprecated: false });
  });

  it.each(['.', '..'])('leaves out an old event type that no import takes: %s', async (name) => {
    const { eventTypes, post, exported, imported } = anEnvironmentApi();
    await eventTypes.insert(anEventType({ name }));
    await post('/event-type', paid);
    const environment = await exported();
    expect(environment.eventTypes).toMatchObject([{ name: paid.name }]);
    expect((await imported({ eventTypes: environment.eventTypes })).statusCode).toBe(204);
  });

  it('has more event types than a page', async () => {
    const { imported, exported } = anEnvironmentApi();
    const eventTypes = Array.from({ length: 251 }, (_, n) => ({ name: `type.${n}`, description: '' }));
    expect((await imported({ eventTypes })).statusCode).toBe(204);
    expect((await exported()).eventTypes).toHaveLength(251);
  });

  it('has the retry schedule of the organisation', async () => {
    const { exported, retrySchedules } = anEnvironmentApi();
    await retrySchedules.put({ organisationId: ids.organisation }, [1, 2]);
    expect((await exported()).settings).toEqual({ retrySchedule: [1, 2] });
  });

  it('is made anew for a repeated idempotency key: it is too long to be kept', async () => {
    const { post } = anEnvironmentApi();
    const repeated = () => post('/environment/export', undefined, { 'idempotency-key': 'once' });
    expect(bodyOf(await repeated()).eventTypes).toEqual([]);
    await post('/event-type', paid);
    expect(bodyOf(await repeated()).eventTypes).toHaveLength(1);
  });
});

describe('the import of an environment', () => {
  it('makes an organisation like the exported one', async () => {
    const [one, other] = [anEnvironmentApi(), anEnvironmentApi()];
    await one.post('/event-type', paid);
    await one.post('/event-type', { name: 'invoice.old', description: '', archived: true, deprecated: true });
    await one.retrySchedules.put({ organisationId: ids.organisation }, [1, 2]);
    const { createdAt: _, ...environment } = await one.exported();
    expect((await other.imported(environment)).statusCode).toBe(204);
    expect(await other.exported()).toMatchObject(environment);
  });

  it('replaces what it names, and leaves all else', async () => {
    const { post, imported, read, retrySchedules } = anEnvironmentApi();
    await retrySchedules.put({ organisationId: ids.organisation }, [1, 2]);
    await post('/event-type', paid);
    await post('/event-type', { name: 'invoice.sent', description: 'Sent' });
    const eventTypes = [
      { name: 'invoice.paid', description: 'first' },
      { name: 'invoice.paid', description: 'Paid in full', featureFlags: null },
    ];
    expect((await imported({ eventTypes, settings: null, connectors: [] })).statusCode).toBe(204);
    expect(await read('invoice.paid')).toMatchObject({
      description: 'Paid in full',
      schemas: null,
      featureFlags: null,
      groupName: null,
    });
    expect(await read('invoice.sent')).toMatchObject({ description: 'Sent' });
    expect(await retrySchedules.find({ organisationId: ids.organisation })).toEqual([1, 2]);
  });

  it('changes nothing when it is repeated', async () => {
    const { imported, sleep, eventTypes } = anEnvironmentApi();
    const environment = { eventTypes: [paid], settings: { retrySchedule: [5] } };
    await imported(environment);
    const stored = await eventTypes.find(ids.organisation, 'invoice.paid');
    await sleep(60_000);
    expect((await imported(environment)).statusCode).toBe(204);
    expect(await eventTypes.find(ids.organisation, 'invoice.paid')).toEqual(stored);
  });

  it.each([
    { connectors: [{ name: 'Slack', transformation: 'x' }] },
    { settings: { enableChannels: true } },
    { settings: { retrySchedule: [-1] } },
    { eventTypes: [{ name: 'not a name', description: '' }] },
    { eventTypes: [{ name: 'invoice.paid', description: '' }, { name: 'invoice.sent' }] },
  ])('is refused as a whole with %j', async (body) => {
    const { imported, exported } = anEnvironmentApi();
    expect((await imported(body)).statusCode).toBe(422);
    expect((await exported()).eventTypes).toEqual([]);
  });

  it('needs the token of the organisation', async () => {
    const { serve, applications } = anEnvironmentApi();
    await applications.insert(anApplication());
    for (const path of ['/api/v1/environment/import', '/api/v1/environment/export']) {
      const answer = await serve(aRequest({ method: 'POST', path, token: ids.application, body: {} }));
      expect(answer.statusCode).toBe(403);
    }
  });
});

describe('export and import', () => {
  const maxBytes = 1_048_576;
  const maxImported = 1_800;
  const manyTypes = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ name: `type.${String(n).padStart(4, '0')}`, description: '' }));
  /** Event types with schemas that fill an export to this many bytes. */
  const typesOf = async (bytes: number) => {
    const schemaOf = (length: number) => ({ 1: { description: 'x'.repeat(length) } });
    const types = [0, 1, 2, 3].map((n) => ({ name: `type.${n}`, description: '', schemas: schemaOf(0) }));
    const { imported, exported } = anEnvironmentApi();
    await imported({ eventTypes: types });
    const missing = bytes - JSON.stringify(await exported()).length;
    const share = Math.floor(missing / types.length);
    const rest = missing - share * (types.length - 1);
    return types.map((one, n) => ({ ...one, schemas: schemaOf(n === 0 ? rest : share) }));
  };
  const stocked = async (eventTypes: readonly object[]) => {
    const api = anEnvironmentApi();
    const half = Math.ceil(eventTypes.length / 2);
    // An import of both halves would be what is tested.
    for (const part of [eventTypes.slice(0, half), eventTypes.slice(half)]) await api.imported({ eventTypes: part });
    return api;
  };

  it('are inverse for whatever event types the OpenAPI document allows', async () => {
    const document = openApiDocument();
    const create = readOperations(document).find(({ operationId }) => operationId === 'v1.event-type.create');
    if (!create) throw new Error('there is no such operation');
    const sources = createRequestSources(document, { names: {}, known: knownValuesAt(startOfTests) });
    const [one, other] = [anEnvironmentApi(), anEnvironmentApi()];
    for (const { body = '' } of fc.sample(validRequest(create, sources), { seed: 12, numRuns: 200 }))
      await one.post('/event-type', body);
    const environment = await one.exported();
    expect(environment.eventTypes.length).toBeGreaterThan(100);
    expect((await other.imported(environment)).statusCode).toBe(204);
    expect(await other.exported()).toEqual(environment);
  });

  it.each([
    ['1,800 event types', () => manyTypes(maxImported)],
    ['1 MiB', () => typesOf(maxBytes)],
  ])('are inverse for an environment of %s', async (_, toTypes) => {
    const [one, other] = [await stocked(await toTypes()), anEnvironmentApi()];
    const environment = await one.exported();
    expect((await other.imported(environment)).statusCode).toBe(204);
    expect(await other.exported()).toEqual(environment);
  });

  it.each([
    ['1,801 event types', () => manyTypes(maxImported + 1), 422],
    ['a byte more than 1 MiB', () => typesOf(maxBytes + 1), 413],
  ])('are inverse in two parts for an environment of %s', async (_, toTypes, status) => {
    const [one, other] = [await stocked(await toTypes()), anEnvironmentApi()];
    const environment = await one.exported();
    expect((await other.imported(environment)).statusCode).toBe(status);
    expect((await other.exported()).eventTypes).toEqual([]);
    for (const isPart of [(n: number) => n % 2 === 0, (n: number) => n % 2 === 1]) {
      const eventTypes = environment.eventTypes.filter((_type: unknown, n: number) => isPart(n));
      expect((await other.imported({ ...environment, eventTypes })).statusCode).toBe(204);
    }
    expect(await other.exported()).toEqual(environment);
  });
});
