import {
  createAnswerCheck,
  createRequestSources,
  hostileRequest,
  knownValuesAt,
  readOperations,
} from '@posthorn/api-requests';
import type { OpenApiDocument } from '@posthorn/contracts/api/openapi';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import fc from 'fast-check';
import { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { createSender, hasShortTarget } from './fixtures/made-requests.ts';
import { createThings } from './fixtures/things-to-name.ts';

/** The same requests as those of services/api, but over HTTP, and with a store that checks what it is given. */
const requests = 5_000;

let system: LaunchedSystem;
let svix: Svix;
let receiver: Receiver;
beforeAll(async () => {
  system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: '3600' }, commandUnderTest());
  svix = new Svix(system.token, { serverUrl: system.url });
  receiver = await startReceiver();
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

describe('the started system, under hostile requests made from its OpenAPI document', () => {
  it('answers as the document says, and never with a fault of its own', async () => {
    const document = (await (await fetch(`${system.url}/api/v1/openapi.json`)).json()) as OpenApiDocument;
    const operations = readOperations(document);
    // What a request deletes is missing from then on.
    const things = await createThings(svix, { uid: 'toys', url: receiver.url, eventType: 'invoice.paid' });
    const names = { ...things, app_id: [...things.app_id, 'toys'] };
    const sources = createRequestSources(document, {
      names,
      // Messages are really sent.
      known: { ...knownValuesAt(new Date()), url: () => fc.constant(receiver.url) },
    });
    const problemIn = createAnswerCheck(document);
    const { token: application } = await svix.authentication.appPortalAccess('toys', {});
    const send = createSender({ url: system.url, tokens: { organisation: system.token, application } });
    const one = fc.oneof(...operations.map((operation) => hostileRequest(operation, sources).filter(hasShortTarget)));
    const made = fc.sample(one, { seed: 20_261_127, numRuns: requests });
    const problems: string[] = [];
    for (const request of made) {
      const { status, body, path } = await send(request);
      const call = `${request.method} ${path} ${request.body ?? ''}`;
      if (status >= 500 && status !== 501) problems.push(`${status} to ${call}: ${body}`);
      // A request with another method, or whose path a client resolves, reaches another operation or none.
      const { method } = operations.find(({ operationId }) => operationId === request.operationId) ?? {};
      const isOwn = method === request.method && path === request.path;
      const problem = isOwn ? problemIn(request.operationId, { status, body }) : undefined;
      if (problem !== undefined) problems.push(`${call}: ${problem}`);
    }
    expect(problems).toEqual([]);
  });
});
