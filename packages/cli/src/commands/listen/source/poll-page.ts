import { type Connection, pathOf } from '../../../connection/connection.ts';
import { sendOrPass } from '../../../reconnect/send-or-pass.ts';
import { type PollPage, readPollAnswer } from '../messages/read-poll-answer.ts';
import type { Position } from '../position/position.ts';
import { readable } from './readable.ts';

export interface PollSource {
  readonly connection: Pick<Connection, 'send'>;
  readonly app: string;
  /** The server leaves out messages of other types. */
  readonly eventType?: string | undefined;
}

/** A connection that is silent for so much longer than a poll may be held is dead, such as after sleep. */
const longestAnswerMs = 15_000;
const pageLimit = 100;
/** For servers that do not say when to poll again. */
const defaultPollAfterMs = 2_000;
const longestPauseMs = 60_000;

interface PollPlace {
  readonly position: Position;
  /** The longest that the server may hold the poll. */
  readonly waitSeconds: number;
}

/** @throws CliError for what no repetition can change; PassingFailure for what may be over soon */
export async function readPollPage(
  { connection, app, eventType }: PollSource,
  { position, waitSeconds }: PollPlace,
  signal: AbortSignal,
): Promise<PollPage> {
  const { sink, iterator } = position;
  const path = pathOf`/app/${app}/poller/${sink}`;
  const place = iterator === undefined ? { start: 'newest' } : { iterator };
  const answer = await sendOrPass(connection, {
    ...{ method: 'GET', path, signal, timeoutMs: waitSeconds * 1_000 + longestAnswerMs },
    query: { ...place, limit: pageLimit, event_type: eventType, wait: waitSeconds },
  });
  const text = answer.headers['x-poll-after-ms'];
  const page = readable(() => readPollAnswer(answer.text));
  const afterMs = text === undefined ? Number.NaN : Number(text);
  const unknown = page.done ? defaultPollAfterMs : 0;
  const isKnown = Number.isSafeInteger(afterMs) && afterMs >= 0;
  return { ...page, pollAfterMs: isKnown ? Math.min(afterMs, longestPauseMs) : unknown };
}
