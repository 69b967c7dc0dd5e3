import {
  createAnswerCheck,
  createRequestSources,
  type KnownValue,
  knownValuesAt,
  type MadeRequest,
  readOperations,
  validRequest,
} from '@posthorn/api-requests';
import type { OpenApiDocument } from '@posthorn/contracts/api/openapi';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import fc from 'fast-check';
import { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { createSender, hasShortTarget } from './fixtures/made-requests.ts';
import { createThings } from './fixtures/things-to-name.ts';

/** In each round, every operation gets a request, with things of its own. */
const rounds = process.env.TEST_SIZE === 'full' ? 50 : 6;

let system: LaunchedSystem;
let svix: Svix;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: '3600' }, commandUnderTest());
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/** There must be a message that blocks its group. */
const left = ['v1.destination.skip', 'v1.destination.retry'];

/** Operations that take away what the other ones need come last, in this order. */
const lastOnes = [
  /retry-schedule\.delete/,
  /^v1\.application\.(?:update|patch)$/,
  /^v1\.event-type\.|environment\.import/,
  /expunge/,
  /logout$/,
  /expire-all$/,
  /^(?!v1\.application).*\.delete$/,
  /^v1\.application\.delete$/,
];
const placeOf = ({ operationId }: MadeRequest): number =>
  /\.(?:list|get)$/.test(operationId) ? -1 : lastOnes.findIndex((one) => one.test(operationId));

/** Names that must be unique are those of the document, behind a number. */
function uniqueNames(): KnownValue {
  let count = 0;
  return (fromSchema) =>
    fromSchema.map((name) => {
      count += 1;
      return name === null ? null : `${count}-${name}`.slice(0, 256);
    });
}

describe('the started system, under requests that its OpenAPI document allows,', () => {
  it('refuses none of them, and answers as the document says', async () => {
    const document = (await (await fetch(`${system.url}/api/v1/openapi.json`)).json()) as OpenApiDocument;
    const operations = readOperations(document).filter(({ operationId }) => !left.includes(operationId));
    const problemIn = createAnswerCheck(document);
    const made = createRequestSources(document, { names: {}, known: {} });
    const [uid, eventId, name] = [uniqueNames(), uniqueNames(), uniqueNames()];
    const problems: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const application = `toys-${round}`;
      const { url: anywhere } = receiver;
      const names = await createThings(svix, { uid: application, url: anywhere, eventType: 'invoice.paid' });
      const operational = (await svix.operationalWebhook.endpoint.create({ url: anywhere })).id;
      const { token } = await svix.authentication.appPortalAccess(application, {});
      // Messages are really sent.
      const url: KnownValue = () => fc.constant(receiver.url);
      // Messages to a disabled endpoint cannot be sent again.
      const disabled: KnownValue = () => fc.constant(false);
      const known = { ...knownValuesAt(new Date(), application), uid, eventId, name, url, disabled };
      const sources = { ...made, names, known };
      const ofOperational = { ...sources, names: { ...names, endpoint_id: [operational] } };
      const requests = operations.flatMap((operation) => {
        const isOperational = operation.operationId.startsWith('v1.operational-webhook.');
        const request = validRequest(operation, isOperational ? ofOperational : sources);
        return fc.sample(request.filter(hasShortTarget), { seed: 20_261_127 + round, numRuns: 1 });
      });
      const send = createSender({ url: system.url, tokens: { organisation: system.token, application: token } });
      for (const request of requests.toSorted((one, other) => placeOf(one) - placeOf(other))) {
        const { status, body } = await send(request);
        const problem = status < 400 ? problemIn(request.operationId, { status, body }) : body;
        const call = `${request.method} ${request.path}?${request.search} ${request.body ?? ''}`;
        if (problem !== undefined) problems.push(`${status} to ${call}: ${problem}`);
      }
    }
    expect(problems).toEqual([]);
  });
});
