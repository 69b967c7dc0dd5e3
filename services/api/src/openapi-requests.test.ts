import {
  createAnswerCheck,
  createRequestCheck,
  createRequestSources,
  hostileRequest,
  knownValuesAt,
  type MadeRequest,
  readOperations,
  validRequest,
} from '@posthorn/api-requests';
import { openApiDocument } from '@posthorn/contracts/api/openapi';
import { problemOut } from '@posthorn/contracts/api/problem';
import { ids } from '@posthorn/testing';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { aRequest } from './fixtures/a-request.ts';
import { aStockedApi, blockedMessage, stockedAt, stockedNames } from './fixtures/a-stocked-api.ts';
import { routeOf } from './fixtures/route.ts';
import type { ApiEvent } from './http/api-event.ts';

/** How many requests of each kind, at least. */
const requests = 5_000;

const document = openApiDocument();
const operations = readOperations(document);
const known = { ...knownValuesAt(stockedAt), msgId: () => fc.constantFrom(null, blockedMessage) };
const sources = createRequestSources(document, { names: stockedNames, known });
const problemIn = createAnswerCheck(document);
const reasonToRefuse = createRequestCheck(document);
const check = { seed: 20_261_127, numRuns: Math.ceil(requests / operations.length) };

const tokens = { organisation: 'organisation', application: ids.application, none: 'no token' } as const;
const toEvent = ({ token, ...request }: MadeRequest): ApiEvent => aRequest({ ...request, token: tokens[token] });

/** Sends a request to a new API. The answer must be one that the document describes. */
async function send(request: MadeRequest): Promise<{ readonly statusCode: number; readonly body: string }> {
  const api = await aStockedApi();
  const event = toEvent(request);
  const { operation } = routeOf(event);
  const { statusCode = 0, body = '' } = await api.serve(event);
  if (operation) {
    const problem = problemIn(operation.id, { status: statusCode, body });
    if (problem !== undefined) throw new Error(problem);
    const reason = statusCode < 300 ? reasonToRefuse(operation.id, request) : undefined;
    if (reason !== undefined) throw new Error(`${statusCode}, but ${reason}`);
  } else {
    expect([204, 308, 404, 405, 501]).toContain(statusCode);
    if (statusCode >= 400) z.parse(problemOut, JSON.parse(body));
  }
  return { statusCode, body };
}

describe('the API, under requests made from its OpenAPI document,', () => {
  // These operations are driven by their own tests, not by this one.
  const file = process.env.DRIVEN_OPERATIONS;
  beforeAll(() => {
    delete process.env.DRIVEN_OPERATIONS;
  });
  afterAll(() => {
    if (file !== undefined) process.env.DRIVEN_OPERATIONS = file;
  });

  describe.each(operations.map((operation) => [operation.operationId, operation] as const))('at %s', (_, operation) => {
    it('answers hostile ones as the document says, takes none that it does not allow, and has no fault of its own', () =>
      fc.assert(
        fc.asyncProperty(hostileRequest(operation, sources), async (request) => {
          const { statusCode, body } = await send(request);
          if (statusCode >= 500 && statusCode !== 501) throw new Error(`${statusCode}: ${body}`);
        }),
        check,
      ));

    it('refuses none that the document allows', () =>
      fc.assert(
        fc.asyncProperty(validRequest(operation, sources), async (request) => {
          const { statusCode, body } = await send(request);
          if (statusCode >= 400) throw new Error(`${statusCode}: ${body}`);
        }),
        check,
      ));
  });
});
