import { pathOf } from '../../../connection/connection.ts';
import { sendOrPass } from '../../../reconnect/send-or-pass.ts';
import { type PolledMessage, type PollPage, readListAnswer, readPollAnswer } from '../messages/read-poll-answer.ts';
import type { Backlog, Position } from '../position/position.ts';
import type { PollSource } from './poll-page.ts';
import { readable } from './readable.ts';

const pageLimit = 100;
const timeoutMs = 30_000;
/** How far the clocks of the servers that accept messages differ at most. */
const clockDifferenceMs = 60_000;

/** The list of what was accepted before a session found its place in the log. @param now - of the server, after that */
export const backlogUntil = (now: Date): Backlog => ({ until: new Date(now.getTime() + clockDifferenceMs) });

/** How the list shows a payload that is not stored any more. It can be one that was sent so, too. */
const expiredBody = '{"expired":true}';
/** How the list shows a payload that is no JSON object. It can be one that was sent so, too. */
const hiddenBody = '{}';

/**
 * Reads the next page of older messages, from the list of the application.
 *
 * @throws CliError for what no repetition can change; PassingFailure for what may be over soon
 */
export async function readBacklogPage(
  source: PollSource,
  position: Position & { readonly backlog: Backlog },
  signal: AbortSignal,
): Promise<PollPage> {
  const { connection, app, eventType } = source;
  const { backlog, since, iterator: logIterator = '' } = position;
  const answer = await sendOrPass(connection, {
    ...{ method: 'GET', path: pathOf`/app/${app}/msg`, signal, timeoutMs },
    query: {
      ...{ after: since?.toISOString(), limit: pageLimit, event_types: eventType, with_content: true },
      ...(backlog.iterator !== undefined && { iterator: backlog.iterator }),
    },
  });
  const { messages, iterator } = readable(() => readListAnswer(answer.text));
  const older = messages.filter(({ acceptedAt }) => acceptedAt <= backlog.until);
  const isComplete = messages.some(({ acceptedAt }) => acceptedAt > backlog.until) || iterator === undefined;
  return {
    ...{ messages: await showHidden(source, { position, messages: older, signal }), iterator: logIterator },
    ...{ done: false, pollAfterMs: 0 },
    ...(!isComplete && { backlog: { ...backlog, iterator } }),
  };
}

interface Listed {
  readonly position: Position;
  readonly messages: readonly PolledMessage[];
  readonly signal: AbortSignal;
}

/** More pages of the log are not read for the hidden payloads of one page of the list. */
const maxLogPages = 10;

/**
 * Finds payloads that the list does not show, or may not show, in the log. It has those from after the first poll, as
 * long as they are stored. What is not there either must not be sent: these may be other bytes than those of the message.
 */
async function showHidden(
  { connection, app, eventType }: PollSource,
  { position, messages, signal }: Listed,
): Promise<readonly PolledMessage[]> {
  const hidden = messages.filter(({ body }) => body === hiddenBody || body === expiredBody);
  const [first, last] = [hidden[0], hidden.at(-1)];
  if (first === undefined || last === undefined) return messages;
  const missing = new Set(hidden.map(({ id }) => id));
  const found = new Map<string, PolledMessage>();
  const path = pathOf`/app/${app}/poller/${position.sink}`;
  const end = last.acceptedAt.getTime() + clockDifferenceMs;
  let place: Readonly<Record<string, string>> = { after: first.acceptedAt.toISOString() };
  for (let pages = 0; pages < maxLogPages && missing.size > 0; pages += 1) {
    const query = { ...place, limit: pageLimit, event_type: eventType };
    const answer = await sendOrPass(connection, { method: 'GET', path, query, signal, timeoutMs });
    const { messages: polled, iterator, done } = readable(() => readPollAnswer(answer.text));
    for (const message of polled) if (missing.delete(message.id)) found.set(message.id, message);
    if (done || polled.some(({ acceptedAt }) => acceptedAt.getTime() > end)) break;
    place = { iterator };
  }
  return messages.map(
    (message) => found.get(message.id) ?? (missing.has(message.id) ? { ...message, isNotShown: true } : message),
  );
}
