import { type Connection, pathOf } from '../../connection/connection.ts';
import { inParallel } from '../../connection/in-parallel.ts';
import { readAll, readPages } from '../../connection/read-pages.ts';

/** The most that is looked at: each endpoint takes three to seven requests. */
const limits = { applications: 50, endpoints: 100, deadLetters: 100, parked: 250, planned: 1_000 };

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
  /** True if its last attempts failed, or deliveries are held back or blocked. */
  readonly failing: boolean;
  /** The delivery of the oldest message that is due now, or has no planned attempt. */
  readonly oldestWaiting: WaitingDelivery | null;
  /** Deliveries that have ended without success. They are counted up to 100. */
  readonly deadLetters: number;
  /** True if there are more of them than were counted. */
  readonly moreDeadLetters: boolean;
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

/**
 * Reads the endpoints and destinations of one application, or of the first ones, and what waits for each.
 *
 * @param now - what is planned for later does not wait
 */
export async function readEndpoints(
  connection: Connection,
  application: string | undefined,
  now: Date,
): Promise<EndpointsRead> {
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
  const failing = new Set((await inParallel(applications.data, ({ id }) => readFailing(connection, id))).flat());
  const endpoints = await inParallel(all.slice(0, limits.endpoints), ({ id, row }) =>
    readOne(connection, { applicationId: id, row, isFailing: failing.has(row.id), now }),
  );
  const complete = applications.done && all.length <= limits.endpoints && lists.every(({ done }) => done);
  return { endpoints, complete };
}

type PageQuery = Readonly<Record<string, string | number>>;

const readPage = async <Row>(connection: Connection, path: string, query: PageQuery): Promise<Page<Row>> =>
  (await connection.call({ method: 'GET', path, query })).json<Page<Row>>();

/** Returns the ids of the endpoints and destinations of an application whose last attempts failed. */
const readFailing = async (connection: Connection, applicationId: string): Promise<readonly string[]> =>
  (await readAll<{ readonly id: string }>(connection, pathOf`/app/${applicationId}/failing-endpoint`)).map(
    ({ id }) => id,
  );

interface EndpointToRead {
  readonly applicationId: string;
  readonly row: EndpointRow;
  readonly isFailing: boolean;
  readonly now: Date;
}

async function readOne(
  connection: Connection,
  { applicationId, row, isFailing, now }: EndpointToRead,
): Promise<EndpointStatus> {
  const path = pathOf`/app/${applicationId}/endpoint/${row.id}/delivery`;
  const read = (state: string, limit = 1) => readPage<WaitingDelivery>(connection, path, { state, limit });
  const due = await readOldestDue(connection, path, now);
  const held = (await read('held')).data;
  const parked = row.config === undefined ? [] : (await read('parked', limits.parked)).data;
  const failed = await read('failed', limits.deadLetters);
  return {
    applicationId,
    endpointId: row.id,
    url: row.url ?? row.config?.url ?? '',
    disabled: row.disabled ?? row.status === 'disabled',
    failing: isFailing || held.length > 0 || parked.some(({ reason }) => reason === 'blocked'),
    oldestWaiting: oldestOf([...due, ...held, ...parked.filter(isDueAt(now))]),
    deadLetters: failed.data.length,
    moreDeadLetters: !failed.done,
  };
}

const isDueAt =
  (now: Date) =>
  ({ nextAttemptAt }: WaitingDelivery): boolean =>
    nextAttemptAt === null || Date.parse(nextAttemptAt) <= now.getTime();

/** The list begins with the oldest message, and that can be planned for later. */
async function readOldestDue(connection: Connection, path: string, now: Date): Promise<readonly WaitingDelivery[]> {
  let rows = 0;
  for await (const page of readPages<WaitingDelivery>(connection, path, { state: 'planned' })) {
    const due = page.find(isDueAt(now));
    rows += page.length;
    if (due || rows >= limits.planned) return due ? [due] : [];
  }
  return [];
}

/** Returns the delivery of the oldest message: ids begin with the time. */
export const oldestOf = (deliveries: readonly WaitingDelivery[]): WaitingDelivery | null =>
  deliveries.toSorted((a, b) => (a.msgId < b.msgId ? -1 : 1))[0] ?? null;
