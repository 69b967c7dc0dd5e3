import { type Connection, pathOf } from '../../connection/connection.ts';
import { readAll } from '../../connection/read-pages.ts';
import { readServerTime } from '../../connection/server-time.ts';
import type { Query } from '../../connection/server-url.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { requireTimeBefore } from '../../input/read-options.ts';
import { findEndpoint } from '../../outcomes/find-endpoint.ts';
import { noticeSleep } from '../../reconnect/notice-sleep.ts';
import { readPatiently } from '../../reconnect/read-patiently.ts';
import { type PassingFailure, sendOrPass, toPassing } from '../../reconnect/send-or-pass.ts';
import { waitFor } from '../../reconnect/wait.ts';
import { createNotices } from '../../terminal/notices.ts';
import type { MarkedText } from '../../terminal/style.ts';
import { type AttemptRow, toTailedAttempt } from './attempt.ts';
import { type AttemptPage, type AttemptPlace, type EndpointTail, followEndpoint } from './follow-endpoint.ts';
import { runRound } from './run-rounds.ts';
import { type TailArguments, toFilterQuery } from './tail-options.ts';

/** New endpoints are found after so long. */
const lookForEndpointsMs = 30_000;
const pageLimit = 250;
const timeoutMs = 15_000;

interface TailSource {
  readonly connection: Connection;
  readonly app: string;
  readonly query: Query;
  readonly since: Date;
}

/** Prints attempts until it is stopped. */
export async function tail(context: Context, given: TailArguments): Promise<void> {
  const { io } = context;
  const { app, since, endpoint } = given;
  const query = toFilterQuery(given);
  const connection = await context.connect();
  const now = await readServerTime(connection, app);
  const source = {
    connection,
    app,
    query,
    since: since === undefined ? now : requireTimeBefore('--since', since, now),
  };
  const endpoints = createEndpointList(source, endpoint);
  await endpoints.refresh();
  const notices = createNotices(context);
  notices.tell('tailing', `Attempts of ${app} at ${connection.server}`);
  const sleep = noticeSleep();
  const patience = {
    wake: sleep.signal,
    onLost: ({ message }: PassingFailure) => notices.tell('server_lost', `${message}. Trying again until it answers`),
    onBack: () => notices.tell('server_back', 'The server answers again'),
  };
  try {
    while (!io.stop.aborted) {
      const waitMs = await readPatiently((signal) => printRound(context, endpoints, signal), patience, io.stop);
      await waitFor(waitMs ?? 0, io.stop);
    }
  } finally {
    sleep.end();
  }
}

/** What was read is printed, also if a part of the round has failed. @throws PassingFailure then */
async function printRound(context: Context, endpoints: EndpointList, signal: AbortSignal): Promise<number> {
  await endpoints.refreshIfOld(signal);
  const { rows, waitMs, failure } = await runRound(endpoints.all(), signal);
  // After a signal, nobody reads this any more.
  for (const row of rows) if (!context.io.stop.aborted) await printAttempt(context, row);
  if (failure !== undefined) throw failure;
  return waitMs;
}

interface EndpointList {
  all(): readonly EndpointTail[];
  refresh(): Promise<void>;
  /** @throws PassingFailure for what may be over soon */
  refreshIfOld(signal: AbortSignal): Promise<void>;
}

/** The endpoints that are followed: one, or all that the application has. */
function createEndpointList(source: TailSource, only: string | undefined): EndpointList {
  const { app, since } = source;
  const followed = new Map<string, EndpointTail>();
  let lookedAt = 0;
  const findIds = async (connection: Connection): Promise<readonly string[]> => {
    if (only !== undefined) return [(await findEndpoint(connection, app, only)).id];
    const [endpoints, destinations] = await Promise.all([
      readAll<{ readonly id: string }>(connection, pathOf`/app/${app}/endpoint`),
      readAll<{ readonly id: string }>(connection, pathOf`/app/${app}/destination`),
    ]);
    return [...endpoints, ...destinations].map(({ id }) => id);
  };
  const refreshOver = async (connection: Connection): Promise<void> => {
    const ids = new Set(await findIds(connection));
    for (const id of followed.keys()) if (!ids.has(id)) followed.delete(id);
    for (const id of ids)
      if (!followed.has(id))
        followed.set(
          id,
          followEndpoint((place, signal) => readAttempts(source, id, { ...place, signal }), since),
        );
    lookedAt = Date.now();
  };
  return {
    all: () => [...followed.values()],
    refresh: () => refreshOver(source.connection),
    refreshIfOld: async (signal) => {
      if (Date.now() - lookedAt >= lookForEndpointsMs) await refreshOver(toPassing(source.connection, signal));
    },
  };
}

interface AttemptsAnswer {
  readonly data: readonly AttemptRow[];
  readonly prevIterator?: string;
  readonly done: boolean;
}

const nothing: Omit<AttemptPage, 'readAt'> = { rows: [], previous: undefined, done: true };

async function readAttempts(
  { connection, app, query }: TailSource,
  endpointId: string,
  { after, iterator, signal }: AttemptPlace & { readonly signal?: AbortSignal | undefined },
): Promise<AttemptPage> {
  const asked = { ...query, after: after.toISOString(), iterator, limit: pageLimit };
  const shown = { with_content: false, with_msg: true, expanded_statuses: true };
  const answer = await sendOrPass(connection, {
    ...{
      method: 'GET',
      path: pathOf`/app/${app}/attempt/endpoint/${endpointId}`,
      timeoutMs,
      ...(signal && { signal }),
    },
    query: { ...asked, ...shown },
  }).catch((error: unknown) => {
    // It was deleted. The next look for endpoints finds out.
    if (error instanceof CliError && error.code === 'not_found') return undefined;
    throw error;
  });
  if (answer === undefined) return { ...nothing, readAt: after };
  const { data, prevIterator, done } = answer.json<AttemptsAnswer>();
  const time = new Date(answer.headers.date ?? Number.NaN);
  // Without the server's time, the window does not move.
  return { rows: data, previous: prevIterator, done, readAt: Number.isNaN(time.getTime()) ? after : time };
}

function printAttempt({ print }: Context, row: AttemptRow): Promise<void> {
  const attempt = toTailedAttempt(row);
  const { timestamp, type, status, code, ms, endpointId, msgId, url, trigger } = attempt;
  const faint = (text: string): MarkedText => ({ mark: 'faint', text });
  const parts = [
    faint(new Date(timestamp).toTimeString().slice(0, 8)),
    { mark: markOf(status), text: code === 0 ? '---' : String(code) },
    type ?? '?',
    faint(msgId),
    endpointId,
  ];
  const notes = [...(status === 'canceled' ? ['canceled'] : []), ...(trigger === 'manual' ? ['manual'] : [])];
  return print(attempt, [...parts, `${ms} ms`, faint(url), ...notes]);
}

function markOf(status: string): MarkedText['mark'] {
  if (status === 'success') return 'good';
  return status === 'canceled' ? 'warning' : 'bad';
}
