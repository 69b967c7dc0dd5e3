import { setTimeout as wait } from 'node:timers/promises';
import { ApiException, type MessageAttemptOut, type Svix } from 'svix';
import { connect, NotConnected } from './connect.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const eventType = 'order.paid';
/** Longer than the queue's visibility timeout of two minutes: the job of a failed worker comes back after that. */
const patienceMs = 240_000;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** What each part of the tour needs. */
interface Tour {
  readonly svix: Svix;
  readonly receiver: Receiver;
  readonly applicationId: string;
}

async function main(): Promise<void> {
  const svix = await connect(process.env);
  const receiver = await startReceiver();
  const application = await svix.application.create({ name: 'Quickstart' });
  say(`Application ${application.id}`);
  try {
    await createEventType(svix);
    const tour = { svix, receiver, applicationId: application.id };
    await sendOne(tour);
    await sendInOrder(tour);
  } finally {
    await svix.application.delete(application.id);
    await receiver.stop();
  }
  say('Application deleted');
}

/** Event types belong to the organisation, so an earlier run may have created it. */
async function createEventType(svix: Svix): Promise<void> {
  try {
    await svix.eventType.create({ name: eventType, description: 'An order was paid' });
  } catch (error) {
    if (!(error instanceof ApiException && error.code === 409)) throw error;
  }
}

/** Sends one message to one endpoint, and shows the attempt that delivered it. */
async function sendOne({ svix, receiver, applicationId }: Tour): Promise<void> {
  const endpoint = await svix.endpoint.create(applicationId, {
    url: `${receiver.url}/webhooks`,
    eventTypes: [eventType],
  });
  receiver.trust('/webhooks', (await svix.endpoint.getSecret(applicationId, endpoint.id)).key);
  say(`Endpoint ${endpoint.id} at ${endpoint.url}`);

  const message = await svix.message.create(applicationId, {
    eventType,
    payload: { orderId: 7, amount: '12.50', currency: 'EUR' },
  });
  say(`Message ${message.id} accepted`);

  const [arrival] = await receiver.take('/webhooks', 1);
  say(`Arrived, and its signature is right: ${arrival?.body}`);

  const attempt = await readReceipt({ svix, applicationId, messageId: message.id });
  say(`Attempt ${attempt.id}: answered ${attempt.responseStatusCode} after ${attempt.responseDurationMs} ms`);

  // Otherwise this endpoint would get the messages of the second part too.
  await svix.endpoint.delete(applicationId, endpoint.id);
}

/** Every attempt is recorded after the endpoint has answered, so it can appear shortly after the message arrived. */
async function readReceipt({
  svix,
  applicationId,
  messageId,
}: Pick<Tour, 'svix' | 'applicationId'> & { readonly messageId: string }): Promise<MessageAttemptOut> {
  for (;;) {
    const { data } = await svix.messageAttempt.listByMsg(applicationId, messageId);
    const [attempt] = data;
    if (attempt) return attempt;
    await wait(100);
  }
}

/** A destination gets the messages of one order in sequence: each is sent when the one before it was accepted. */
async function sendInOrder({ svix, receiver, applicationId }: Tour): Promise<void> {
  const destination = await svix.destination.create(applicationId, {
    type: 'fifoEndpoint',
    config: { url: `${receiver.url}/in-order` },
    metadata: { orderBy: '$.orderId' },
  });
  receiver.trust('/in-order', (await svix.endpoint.getSecret(applicationId, destination.id)).key);
  say(`Destination ${destination.id}, ordered by $.orderId`);

  const steps = ['placed', 'paid', 'shipped'];
  for (const step of steps) await svix.message.create(applicationId, { eventType, payload: { orderId: 8, step } });

  const arrivals = await receiver.take('/in-order', steps.length);
  const arrived = arrivals.map(({ body }) => (JSON.parse(body) as { step: string }).step);
  if (arrived.join() !== steps.join()) throw new Error(`out of order: ${arrived.join(', ')}`);
  say(`Arrived in order: ${arrived.join(', ')}`);
}

const deadline = setTimeout(() => fail(new Error(`nothing more happened within ${patienceMs} ms`)), patienceMs);

function fail(error: unknown): never {
  const isKnown = error instanceof NotConnected;
  process.stderr.write(`${isKnown ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

try {
  await main();
  clearTimeout(deadline);
} catch (error) {
  fail(error);
}
