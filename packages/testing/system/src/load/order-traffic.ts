import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receiver } from '@posthorn/testing';
import { ApiException, Svix } from 'svix';

/** How much one run sends, and to where. */
const applications = 3;
export const orderingKeys = 20;
const eventType = 'order.changed';

/** The number of simultaneous posts, as from a few busy producers. */
const postsInFlight = 8;

/** An application with its four endpoints, and what a receiver needs to check their requests. */
export interface Tenant {
  readonly applicationId: string;
  /** Path at the receiver => the endpoint's secret. */
  readonly secrets: Readonly<Record<EndpointName, string>>;
  readonly endpointIds: Readonly<Record<EndpointName, string>>;
}

/** One always answers 200, one fails every second first attempt, one is FIFO with some failures, one has a forbidden address. */
export const endpointNames = ['plain', 'flaky', 'fifo', 'private'] as const;
export type EndpointName = (typeof endpointNames)[number];

/**
 * Whether the first request for a message fails at an endpoint. The receiver answers it with 500, and the next one with
 * 200. Never do so many in a row fail that the endpoint's breaker opens, also on a slow machine.
 */
export const failsFirst = (name: EndpointName, { sequence }: Pick<Posted, 'sequence'>): boolean =>
  (name === 'flaky' && sequence % 2 === 0) || (name === 'fifo' && sequence % 5 === 2);

export const pathOf = (tenant: number, name: EndpointName): string => `/${tenant}/${name}`;

/** A posted message. `sequence` is its number among the messages with the same ordering key. */
export interface Posted {
  readonly tenant: number;
  readonly messageId: string;
  readonly orderId: number;
  readonly sequence: number;
  readonly body: string;
}

export const createClient = (url: string, token: string): Svix => new Svix(token, { serverUrl: url });

/** A client with the token of a local system, which is in its data folder. */
export const clientOf = async (dataDir: string, url: string): Promise<Svix> =>
  createClient(url, await readFile(join(dataDir, 'token'), 'utf8'));

/** Creates the applications and their endpoints at the receiver, and sets the receiver's responses. */
export async function prepareTenants(svix: Svix, receiver: Receiver): Promise<readonly Tenant[]> {
  await svix.eventType.create({ name: eventType, description: 'An order changed' });
  return Promise.all(Array.from({ length: applications }, (_, tenant) => prepareTenant({ svix, receiver, tenant })));
}

async function prepareTenant({
  svix,
  receiver,
  tenant,
}: {
  svix: Svix;
  receiver: Receiver;
  tenant: number;
}): Promise<Tenant> {
  const { id } = await svix.application.create({ name: `Tenant ${tenant}` });
  const url = (name: EndpointName) => `${receiver.url}${pathOf(tenant, name)}`;
  const plain = await svix.endpoint.create(id, { url: url('plain'), eventTypes: [eventType] });
  const flaky = await svix.endpoint.create(id, { url: url('flaky') });
  // A private network: the local system allows only loopback.
  const forbidden = await svix.endpoint.create(id, { url: `http://10.255.255.1${pathOf(tenant, 'private')}` });
  const fifo = await svix.destination.create(id, {
    type: 'fifoEndpoint',
    config: { url: url('fifo') },
    metadata: { orderBy: '$.orderId' },
  });
  for (const name of endpointNames)
    failFirstTries(receiver, pathOf(tenant, name), (message) => failsFirst(name, message));
  const endpointIds = { plain: plain.id, flaky: flaky.id, fifo: fifo.id, private: forbidden.id };
  const keys = await Promise.all(
    endpointNames.map(async (name) => [name, (await svix.endpoint.getSecret(id, endpointIds[name])).key]),
  );
  return { applicationId: id, endpointIds, secrets: Object.fromEntries(keys) };
}

/** Answers 500 to the first attempt of every message that the rule selects. */
function failFirstTries(receiver: Receiver, path: string, fails: (payload: { sequence: number }) => boolean): void {
  const tried = new Set<unknown>();
  receiver.respond(path, ({ headers, body }) => {
    const id = headers['webhook-id'];
    if (tried.has(id) || !fails(JSON.parse(body))) return { status: 200 };
    tried.add(id);
    return { status: 500 };
  });
}

/**
 * Posts messages to the applications and ordering keys in turn. Messages with the same key are posted one after the
 * other, so that they are accepted in order. A failed post is repeated with its idempotency key until it is accepted,
 * as a producer's outbox does.
 *
 * @param mayPost - is awaited before each message
 * @param isOver - a test that has failed repeats no more posts
 */
export async function postMessages(
  svix: Svix,
  tenants: readonly Tenant[],
  count: number,
  {
    mayPost = async () => undefined,
    isOver = () => false,
  }: { readonly mayPost?: () => Promise<void>; readonly isOver?: () => boolean } = {},
): Promise<readonly Posted[]> {
  const lanes = Array.from({ length: tenants.length * orderingKeys }, (_, lane) => lane);
  const posted: Posted[] = [];
  const work = async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      const tenant = lane % tenants.length;
      const orderId = Math.floor(lane / tenants.length);
      const own =
        Math.floor(count / (tenants.length * orderingKeys)) + (lane < count % (tenants.length * orderingKeys) ? 1 : 0);
      for (let sequence = 0; sequence < own; sequence += 1) {
        await mayPost();
        posted.push(await postOne(svix, tenants, { tenant, orderId, sequence, isOver }));
      }
    }
  };
  await Promise.all(Array.from({ length: postsInFlight }, work));
  return posted;
}

async function postOne(
  svix: Svix,
  tenants: readonly Tenant[],
  { tenant, orderId, sequence, isOver }: { tenant: number; orderId: number; sequence: number; isOver: () => boolean },
): Promise<Posted> {
  const applicationId = tenants[tenant]?.applicationId ?? '';
  const payload = { orderId, sequence, note: 'é"\u2028' };
  const idempotencyKey = `${tenant}-${orderId}-${sequence}`;
  for (;;) {
    try {
      const { id } = await svix.message.create(applicationId, { eventType, payload }, { idempotencyKey });
      return { tenant, messageId: id, orderId, sequence, body: JSON.stringify(payload) };
    } catch (error) {
      // The service may be starting again. The same key makes the repetition safe.
      if ((error instanceof ApiException && error.code < 500) || isOver()) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
