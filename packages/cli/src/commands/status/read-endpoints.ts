import { type Connection, pathOf } from '../../connection/connection.ts';
import { inParallel } from '../../connection/in-parallel.ts';

/** The most applications and endpoints that are looked at: each endpoint takes three or four requests. */
const limits = { applications: 50, endpoints: 100, deadLetters: 100 };

/** A delivery that waits. */
export interface WaitingDelivery {
  readonly msgId: string;
  readonly endpointId: string;
  readonly reason: string;
  /** ISO 8601: when it got into this state. */
  readonly since: string;
  /** ISO 8601, or null if no time is planned. */
  readonly nextAttemptAt: string | null;
}

/** An endpoint or destination, and what waits for it. */
export interface EndpointStatus {
  readonly applicationId: string;
  readonly endpointId: string;
  readonly url: string;
  readonly disabled: boolean;
  /** True if attempts fail: deliveries are held back, or wait for a retry. */
  readonly failing: boolean;
  /** The delivery of the oldest message that waits. */
  readonly oldestWaiting: WaitingDelivery | null;
  /** Deliveries that have ended without success. They are counted up to 100. */
  readonly deadLetters: number;
}

export interface EndpointsRead {
  readonly endpoints: readonly EndpointStatus[];
  /** False if there are more applications or endpoints than were looked at. */
  readonly complete: boolean;
}

interface Page<Row> {
  readonly data: readonly Row[];
  readonly done: boolean;
}

interface EndpointRow {
  readonly id: string;
  readonly url?: string;
  readonly disabled?: boolean;
  /** Destinations have these two in place of the two above. */
  readonly config?: { readonly url?: string };
  readonly status?: string;
}

/** Reads the endpoints and destinations of one application, or of the first ones, and what waits for each. */
export async function readEndpoints(connection: Connection, application: string | undefined): Promise<EndpointsRead> {
  const applications =
    application === undefined
      ? await readPage<{ readonly id: string }>(connection, '/app', { limit: limits.applications })
      : { data: [{ id: application }], done: true };
  const paths = applications.data.flatMap(({ id }) => [
    { id, path: pathOf`/app/${id}/endpoint` },
    { id, path: pathOf`/app/${id}/destination` },
  ]);
  const lists = await inParallel(paths, async ({ id, path }) => ({
    id,
    ...(await readPage<EndpointRow>(connection, path, { limit: limits.endpoints })),
  }));
  const all = lists.flatMap(({ id, data }) => data.map((row) => ({ id, row })));
  const endpoints = await inParallel(all.slice(0, limits.endpoints), ({ id, row }) => readOne(connection, id, row));
  const complete = applications.done && all.length <= limits.endpoints && lists.every(({ done }) => done);
  return { endpoints, complete };
}

type PageQuery = Readonly<Record<string, string | number>>;

const readPage = async <Row>(connection: Connection, path: string, query: PageQuery): Promise<Page<Row>> =>
  (await connection.call({ method: 'GET', path, query })).json<Page<Row>>();

async function readOne(connection: Connection, applicationId: string, row: EndpointRow): Promise<EndpointStatus> {
  const path = pathOf`/app/${applicationId}/endpoint/${row.id}/delivery`;
  const read = async (state: string, limit = 1) =>
    (await readPage<WaitingDelivery>(connection, path, { state, limit })).data;
  const planned = await read('planned');
  const held = await read('held');
  const parked = row.config === undefined ? [] : await read('parked');
  const failed = await read('failed', limits.deadLetters);
  return {
    applicationId,
    endpointId: row.id,
    url: row.url ?? row.config?.url ?? '',
    disabled: row.disabled ?? row.status === 'disabled',
    failing: held.length + parked.length > 0 || planned.some(({ reason }) => reason === 'retry'),
    oldestWaiting: oldestOf([...planned, ...held, ...parked]),
    deadLetters: failed.length,
  };
}

/** Returns the delivery of the oldest message: ids begin with the time. */
export const oldestOf = (deliveries: readonly WaitingDelivery[]): WaitingDelivery | null =>
  deliveries.toSorted((a, b) => (a.msgId < b.msgId ? -1 : 1))[0] ?? null;
