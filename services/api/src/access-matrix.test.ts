import {
  createRequestSources,
  knownValuesAt,
  type MadeRequest,
  readOperations,
  validRequest,
} from '@posthorn/api-requests';
import { allOperations } from '@posthorn/contracts/api/all-operations';
import { openApiDocument } from '@posthorn/contracts/api/openapi';
import type { Operation } from '@posthorn/contracts/api/operation';
import { ids } from '@posthorn/testing';
import fc from 'fast-check';
import { aRequest, bodyOf } from './fixtures/a-request.ts';
import { blockedMessage, stockedAt, stockedNames } from './fixtures/a-stocked-api.ts';
import { aMatrixApi, type MatrixApi, ownName, storedRows, tokenKinds } from './fixtures/token-kinds.ts';
import type { ApiAnswer } from './http/api-event.ts';

const operations: readonly Operation[] = Object.values(allOperations);
/** A poll is a GET, and the first one puts the messages of the application in order. */
const changesByGet: ReadonlySet<string> = new Set(['v1.message.poller.poll', 'v1.message.poller.consumer-poll']);
const changes = ({ id, method }: Operation): boolean => method !== 'GET' || changesByGet.has(id);
const closed = operations.filter(({ access }) => access !== 'anyone');

/**
 * A request for each operation that the document allows, for things of the first organisation that exist. They are the
 * same in every run. No filter of a list is set: it would hide rows of others, too.
 */
function requestsTo(applicationName: string): ReadonlyMap<string, MadeRequest> {
  const document = openApiDocument();
  const names = { ...stockedNames, app_id: [applicationName] };
  // The stored delivery is in this state.
  const state = () => fc.constant('planned');
  const known = { ...knownValuesAt(stockedAt), msgId: () => fc.constant(blockedMessage), state };
  const sources = createRequestSources(document, { names, known });
  const sample = (operation: DescribedOperation) => {
    const parameters = operation.parameters.filter(({ required }) => required);
    return fc.sample(validRequest({ ...operation, parameters }, sources), { seed: 12, numRuns: 1 });
  };
  return new Map(
    readOperations(document)
      .flatMap(sample)
      .map((request) => [request.operationId, request]),
  );
}

type DescribedOperation = Parameters<typeof validRequest>[0];

interface CalledApi {
  readonly api: MatrixApi;
  readonly bearer: string;
}

const requests = new Map([ids.application, 'toys'].map((name) => [name, requestsTo(name)]));

function requestFor({ id }: Operation, applicationName: string): MadeRequest {
  const request = requests.get(applicationName)?.get(id);
  if (!request) throw new Error(`no request was made for ${id}`);
  return request;
}

/** The ids of what is stored, and a name. An answer for another caller has none of them. */
const storedNames = (rows: readonly object[]): readonly string[] => [
  ownName,
  ...new Set(JSON.stringify(rows).match(/\b(app|ep|msg|atmpt|qtask|integ|tok)_\w+/g)),
];

describe.each(Object.entries(tokenKinds))('%s', (_, { token, expected, applicationName = ids.application }) => {
  // Requests that are refused share one API.
  let shared: CalledApi;
  let rows: readonly object[];
  beforeAll(async () => {
    shared = await openApi();
    rows = structuredClone(storedRows(shared.api));
  });

  async function openApi(): Promise<CalledApi> {
    const api = await aMatrixApi();
    return { api, bearer: await token(api) };
  }

  it.each(closed.map((operation) => [operation.id, operation] as const))('%s', async (_id, operation) => {
    const due = expected(operation);
    const request = requestFor(operation, applicationName);
    const mayChange = changes(operation) && (due === 'let in' || due === 'hidden');
    const { api, bearer } = mayChange ? await openApi() : shared;
    const answer = await api.serve(aRequest({ ...request, token: bearer }));
    const { statusCode = 0, body = '' } = answer;
    switch (due) {
      case 'unauthorized':
        expect(statusCode).toBe(401);
        break;
      case 'forbidden':
        expect(statusCode).toBe(403);
        break;
      case 'hidden':
        if (statusCode !== 404) expectSuccess(answer);
        // A path without that application is about what is the caller's own, or what it makes.
        if (request.path.includes(ids.application) && !makesAnother(operation)) expect(statusCode).toBe(404);
        for (const name of storedNames(rows)) expect(body).not.toContain(name);
        break;
      case 'let in':
        return expectSuccess(answer);
    }
    expect(storedRows(api)).toEqual(rows);
  });
});

/** It shows the body of a refusal. */
const expectSuccess = ({ statusCode = 0, body = '' }: ApiAnswer) =>
  expect(statusCode >= 200 && statusCode < 300 ? 'success' : `${statusCode} ${body}`).toBe('success');

/** An upsert of an application that the caller does not have makes one with another id. */
const makesAnother = ({ id }: Operation): boolean => id === 'v1.application.update';

it('shows the organisation rows in each list, so that others could see them', async () => {
  const { serve } = await aMatrixApi();
  for (const operation of closed.filter((one) => one.query?.def.shape.iterator && !changes(one))) {
    const { data } = bodyOf(
      await serve(aRequest({ ...requestFor(operation, ids.application), token: 'organisation' })),
    );
    expect([operation.id, data.length > 0]).toEqual([operation.id, true]);
  }
});

it('lets everyone do what needs no token', async () => {
  const api = await aMatrixApi();
  for (const { method, path } of operations.filter(({ access }) => access === 'anyone')) {
    const { statusCode = 0 } = await api.serve(aRequest({ method, path, token: 'no token' }));
    expect(statusCode).toBe(path === '/' ? 307 : 200);
  }
});
