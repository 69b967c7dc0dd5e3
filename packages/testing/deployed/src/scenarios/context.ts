import { signToken } from '@posthorn/secrets/tokens';
import { type ReceivedRequest, type Receiver, startReceiver } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import { accountAt, deployFromNothing, type InstallationUnderTest, jwtSecret } from '../installation-under-test.ts';
import { createOrdersTable, type OrdersTable } from '../sources/orders-table.ts';

export const twoHoursMs = 7_200_000;

const organisationId = 'org_deployed';

/** The third retry is more than 15 minutes away, so it waits in the table of due deliveries, not on the queue. */
const retrySchedule = '1,1,1500';

/** The fields of responses that the scenarios read. The API's own tests check whole responses. */
interface Body {
  readonly id: string;
  readonly key: string;
  readonly disabled: boolean;
  readonly success: number;
  readonly fail: number;
  readonly data: readonly { readonly id: string; readonly status: number }[];
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Body;
}

/** What all scenarios share: one deployment and one receiver. */
export interface Context {
  readonly emulator: Emulator;
  readonly posthorn: InstallationUnderTest;
  readonly receiver: Receiver;
  /** A table of the user that is a source. */
  readonly orders: OrdersTable;
  /** Sends a request with the organisation’s token. */
  api(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Creates a resource, and returns its id. */
  create(path: string, body: unknown): Promise<string>;
  /** Creates an application whose uid is its name. */
  createApplication(uid: string): Promise<string>;
  /** Creates an endpoint whose path at the receiver is the name of its application. */
  createEndpoint(app: string, settings?: object): Promise<string>;
  createDestination(app: string, settings?: object): Promise<string>;
  postMessage(app: string, payload: object, eventType?: string): Promise<string>;
  /** The requests to the endpoint of an application, or only those with this payload. */
  arrivals(app: string, payload?: object): readonly ReceivedRequest[];
  /** Fails unless the request is signed with the secret of the endpoint. */
  expectSigned(request: ReceivedRequest | undefined, app: string, endpoint: string): Promise<void>;
  stop(): Promise<void>;
}

/** Deploys, and starts everything that the scenarios need. */
export async function createContext(python: string): Promise<Context> {
  const receiver = await startReceiver();
  const emulator = await startEmulator(python);
  try {
    const orders = await createOrdersTable(accountAt(emulator.url, 'operator'));
    const posthorn = await deployFromNothing(emulator, {
      POSTHORN_SOURCES: orders.sourcesFile,
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ORGANISATION: organisationId,
      POSTHORN_ALLOWED_SUBNETS: '127.0.0.0/8,::1/128',
      POSTHORN_RETRY_SCHEDULE: retrySchedule,
    });
    return { emulator, posthorn, receiver, orders, ...createHelpers(posthorn, receiver, await aToken()), stop };
    async function stop(): Promise<void> {
      await posthorn.stop();
      await orders.stop();
      await emulator.stop();
      await receiver.stop();
    }
  } catch (error) {
    await emulator.stop();
    await receiver.stop();
    throw error;
  }
}

const aToken = (): Promise<string> => {
  const issuedAt = new Date();
  const expiresAt = new Date(issuedAt.getTime() + twoHoursMs);
  return signToken({ secret: jwtSecret, organisationId, issuedAt, expiresAt });
};

function createHelpers(posthorn: InstallationUnderTest, receiver: Receiver, token: string) {
  const api: Context['api'] = async (method, path, body, headers = {}) => {
    const { statusCode, body: text = '' } = await posthorn.request({
      method,
      path: `/api/v1${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: statusCode, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
  };
  const create: Context['create'] = async (path, body) => {
    const { status, text, body: created } = await api('POST', path, body);
    if (status !== 201 && status !== 202) throw new Error(`POST ${path} got the response ${status} ${text}`);
    return created.id;
  };
  const arrivals: Context['arrivals'] = (app, payload) =>
    receiver.requestsTo(`/${app}`).filter(({ body }) => payload === undefined || body === JSON.stringify(payload));
  return {
    api,
    create,
    arrivals,
    createApplication: (uid: string) => create('/app', { name: uid, uid }),
    createEndpoint: (app: string, settings: object = {}) =>
      create(`/app/${app}/endpoint`, { url: `${receiver.url}/${app}`, ...settings }),
    createDestination: (app: string, settings: object = {}) =>
      create(`/app/${app}/destination`, {
        type: 'fifoEndpoint',
        config: { url: `${receiver.url}/${app}` },
        ...settings,
      }),
    postMessage: (app: string, payload: object, eventType = 'order.paid') =>
      create(`/app/${app}/msg`, { eventType, payload }),
    expectSigned: async (request: ReceivedRequest | undefined, app: string, endpoint: string) => {
      if (!request) throw new Error('the message did not arrive');
      const { key } = (await api('GET', `/app/${app}/endpoint/${endpoint}/secret`)).body;
      const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
      const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
      new Webhook(key).verify(request.body, headers);
    },
  };
}
