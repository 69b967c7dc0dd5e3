import { type Connection, pathOf } from '../../../connection/connection.ts';
import { CliError } from '../../../exit/cli-error.ts';
import { sendOrPass } from '../../../reconnect/send-or-pass.ts';
import { type PollPage, readPollAnswer, UnreadableAnswer } from '../messages/read-poll-answer.ts';
import type { Position } from '../position/position.ts';

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
  const { sink, iterator, since } = position;
  const path = pathOf`/app/${app}/poller/${sink}`;
  const start = since === undefined ? { start: 'newest' } : { after: since.toISOString() };
  const place = iterator === undefined ? start : { iterator };
  const answer = await sendOrPass(connection, {
    ...{ method: 'GET', path, signal, timeoutMs: waitSeconds * 1_000 + longestAnswerMs },
    query: { ...place, limit: pageLimit, event_type: eventType, wait: waitSeconds },
  });
  const text = answer.headers['x-poll-after-ms'];
  try {
    const page = readPollAnswer(answer.text);
    const afterMs = text === undefined ? Number.NaN : Number(text);
    const unknown = page.done ? defaultPollAfterMs : 0;
    return { ...page, pollAfterMs: Number.isSafeInteger(afterMs) && afterMs >= 0 ? afterMs : unknown };
  } catch (error) {
    if (!(error instanceof UnreadableAnswer)) throw error;
    throw new CliError('failed', `The answer is not that of Posthorn: ${error.message}`, {
      code: 'unreadable_answer',
      remedy: 'Check the address of the server, and whether its version is new enough',
      cause: error,
    });
  }
}
