import { type Connection, pathOf } from '../connection/connection.ts';
import { readAll, readPages } from '../connection/read-pages.ts';
import type { ExpectedEndpoint } from './expected-endpoints.ts';
import { type EndpointOutcome, judge, type ListedAttempt, type Standing } from './judge.ts';

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
  return [...listed, ...expected.filter(({ id }) => !ids.has(id)).map(untried)];
}

const untried = ({ id, url }: ExpectedEndpoint): EndpointOutcome => ({
  endpointId: id,
  url,
  outcome: 'waiting',
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
