import { type Connection, pathOf } from '../connection/connection.ts';
import { inParallel } from '../connection/in-parallel.ts';
import { readAll, readPages } from '../connection/read-pages.ts';
import { CliError } from '../exit/cli-error.ts';
import type { ExpectedEndpoint } from './expected-endpoints.ts';
import { findEndpoint } from './find-endpoint.ts';
import { type EndpointOutcome, judge, type ListedAttempt, type Outcome, type Standing } from './judge.ts';

/** A message that was accepted. */
export interface SentMessage {
  readonly app: string;
  readonly id: string;
  readonly timestamp: string;
}

/** Reads where a message stands at its endpoints, the expected ones that are not listed yet included. */
export async function readOutcomes(
  connection: Connection,
  message: SentMessage,
  expected: readonly ExpectedEndpoint[],
): Promise<readonly EndpointOutcome[]> {
  const standings = await readAll<Standing>(connection, pathOf`/app/${message.app}/msg/${message.id}/endpoint`, {
    expanded_statuses: true,
  });
  const attempts = standings.length === 0 ? [] : await readAttempts(connection, message);
  const listed = await Promise.all(
    standings.map(async (standing) =>
      judge({
        standing,
        attempts: attempts.filter(({ endpointId }) => endpointId === standing.id),
        isBlocked: mayBeBlocked(standing) && (await isBlocked(connection, message, standing.id)),
      }),
    ),
  );
  const ids = new Set(standings.map(({ id }) => id));
  const unlisted = await inParallel(
    expected.filter(({ id }) => !ids.has(id)),
    async (endpoint) => untried(endpoint, await readUnlisted(connection, message.app, endpoint.id)),
  );
  return [...listed, ...unlisted];
}

/** An endpoint that was deleted or disabled before fan-out gets nothing, and is never listed. */
async function readUnlisted(connection: Connection, app: string, id: string): Promise<Outcome> {
  try {
    return (await findEndpoint(connection, app, id)).disabled ? 'disabled' : 'waiting';
  } catch (error) {
    if (error instanceof CliError && error.code === 'not_found') return 'gone';
    throw error;
  }
}

const untried = ({ id, url }: ExpectedEndpoint, outcome: Outcome): EndpointOutcome => ({
  endpointId: id,
  url,
  outcome,
  attempts: 0,
  lastStatus: null,
  nextAttempt: null,
});

/** One page: the newest 250 attempts at all endpoints together. */
async function readAttempts(connection: Connection, { app, id }: SentMessage): Promise<readonly ListedAttempt[]> {
  const pages = readPages<ListedAttempt>(connection, pathOf`/app/${app}/attempt/msg/${id}`, {
    expanded_statuses: true,
  });
  for await (const page of pages) return page;
  return [];
}

const mayBeBlocked = ({ statusText, nextAttempt }: Standing): boolean =>
  statusText === 'sending' && nextAttempt === null;

/** Whether a message blocks its group at a destination. Only such deliveries are parked without a next attempt. */
async function isBlocked(connection: Connection, { app, id, timestamp }: SentMessage, endpointId: string) {
  const time = Date.parse(timestamp);
  // `after` is inclusive and `before` exclusive, and both are about the time in the message's id.
  const around = { after: new Date(time - 1_000).toISOString(), before: new Date(time + 1_000).toISOString() };
  const path = pathOf`/app/${app}/endpoint/${endpointId}/delivery`;
  for await (const page of readPages<{ msgId: string; reason: string }>(connection, path, {
    state: 'parked',
    ...around,
  }))
    for (const { msgId, reason } of page) if (msgId === id) return reason === 'blocked';
  return false;
}
