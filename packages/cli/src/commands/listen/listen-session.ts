import type { Connection } from '../../connection/connection.ts';
import { readServerTime } from '../../connection/server-time.ts';
import type { SleepNotice } from '../../reconnect/notice-sleep.ts';
import { readPatiently } from '../../reconnect/read-patiently.ts';
import { type PassingFailure, withoutPatience } from '../../reconnect/send-or-pass.ts';
import { count } from '../../terminal/count.ts';
import type { MessageRules } from './endpoint/message-rules.ts';
import type { PollPage } from './messages/read-poll-answer.ts';
import type { ListenOutput } from './output/listen-output.ts';
import type { Position } from './position/position.ts';
import type { CountDown } from './session/count-down.ts';
import { createHandOver } from './session/hand-over.ts';
import type { Pause } from './session/pause.ts';
import { createSession, type Session } from './session/run-session.ts';
import { backlogUntil, readBacklogPage } from './source/backlog-page.ts';
import { readPollPage } from './source/poll-page.ts';
import { sendToTarget, type Target } from './target/send-to-target.ts';

export interface ListenSessionParts {
  readonly connection: Pick<Connection, 'send'>;
  readonly app: string;
  /** The server leaves out messages of other types. */
  readonly eventType?: string | undefined;
  readonly target: Target;
  readonly rules: MessageRules;
  readonly retry: boolean;
  readonly output: ListenOutput;
  readonly countDown?: CountDown | undefined;
  readonly keepPosition: (position: Position) => void;
  readonly pause: Pause;
  readonly sleep: SleepNotice;
}

type Source = Pick<ListenSessionParts, 'connection' | 'app' | 'eventType'>;

/** Reads what is behind a position. The older messages come first, if the session begins with some. */
async function readPage(
  source: Source,
  { position, waitSeconds }: { readonly position: Position; readonly waitSeconds: number },
  signal: AbortSignal,
): Promise<PollPage> {
  const { backlog } = position;
  if (backlog) return readBacklogPage(source, { ...position, backlog }, signal);
  return readPollPage(source, { position, waitSeconds }, signal);
}

/** Reads the first page. Unlike later ones, it fails at once if the server cannot be reached. */
export async function readFirstPage(source: Source, position: Position, stop: AbortSignal): Promise<PollPage> {
  // At once: it shows that the session has begun.
  const page = await withoutPatience(readPage(source, { position, waitSeconds: 0 }, stop));
  return { ...page, pollAfterMs: 0 };
}

/**
 * Finds the place in the log for a session that begins with older messages. This poll comes before their list: what it
 * does not find behind its place, the list has.
 */
export async function withBacklog(
  source: Source & { readonly connection: Pick<Connection, 'call'> },
  position: Position,
  stop: AbortSignal,
): Promise<Position> {
  if (position.since === undefined || position.iterator !== undefined) return position;
  const { iterator } = await readFirstPage(source, position, stop);
  return { ...position, iterator, backlog: backlogUntil(await readServerTime(source.connection, source.app)) };
}

/** The longest that the server may hold a poll. */
const waitSeconds = 25;

/** Puts a session together, from the server to the target. @param first - the page that was read already */
export function createListenSession(parts: ListenSessionParts, first: PollPage): Session {
  const { output, rules, target, retry, sleep, countDown } = parts;
  let unread: PollPage | undefined = first;
  const leftOut = createLeftOut(output);
  const session = createSession({
    readPage: async (position, stop) => {
      const page = unread;
      unread = undefined;
      if (page) return page;
      if (position.backlog === undefined) leftOut.tell();
      const read = (signal: AbortSignal) => readPage(parts, { position, waitSeconds }, signal);
      return readPatiently(read, { wake: sleep.signal, ...serverNotices(output) }, stop);
    },
    isWanted: rules.isWanted,
    handOver: createHandOver({
      prepare: rules.prepare,
      send: (request, signal) => sendToTarget(target, request, signal),
      clock: () => new Date(),
      onHold: (hold) =>
        hold
          ? output.notice('target_waits', `${hold.reason}: ${hold.message.id} waits, and all messages behind it`)
          : output.notice('target_back', 'The target takes messages again'),
      retry,
    }),
    leaveOut: leftOut.add,
    keepPosition: parts.keepPosition,
    report: async (event) => {
      countDown?.count(event);
      await output.event(event);
    },
    pause: parts.pause,
  });
  return {
    ...session,
    run: async (position, signals) => {
      const end = await session.run(position, signals);
      leftOut.tell();
      return end;
    },
  };
}

/** Counts the messages whose payload cannot be read. They are told together, once the older messages are read. */
function createLeftOut(output: ListenOutput) {
  const ids = new Set<string>();
  return {
    add: (id: string) => void ids.add(id),
    tell: () => {
      if (ids.size > 0)
        output.notice(
          'payloads_not_shown',
          `${count(ids.size, 'older message')} left out: the server does not show the payload (it is expired, or no JSON object)`,
        );
      ids.clear();
    },
  };
}

const serverNotices = (output: ListenOutput) => ({
  onLost: ({ message }: PassingFailure) => output.notice('server_lost', `${message}. Trying again until it answers`),
  onBack: () => output.notice('server_back', 'The server answers again'),
});
