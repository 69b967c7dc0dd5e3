import { waitFor } from '../../../reconnect/wait.ts';
import type { PolledMessage, PollPage } from '../messages/read-poll-answer.ts';
import type { ListenEvent } from '../output/listen-event.ts';
import { afterAnswer, afterMessage, type Position } from '../position/position.ts';
import type { HandOverSignals } from './hand-over.ts';
import type { Pause } from './pause.ts';
import { createRecentIds } from './recent-ids.ts';
import { createTurns } from './turns.ts';

export interface SessionDeps {
  /** Reads what is behind a position. Comes back without an answer when the session is stopped. */
  readonly readPage: (position: Position, stop: AbortSignal) => Promise<PollPage | undefined>;
  readonly isWanted: (message: PolledMessage) => Promise<boolean>;
  readonly handOver: (message: PolledMessage, signals: HandOverSignals) => Promise<ListenEvent | undefined>;
  /** The payload of the message is not stored any more. */
  readonly leaveOut: (id: string) => void;
  readonly keepPosition: (position: Position) => void;
  readonly report: (event: ListenEvent) => Promise<void>;
  readonly pause: Pause;
}

export interface Session {
  /** Runs until the signal is aborted. Returns the position at its end. */
  run(position: Position, signals: HandOverSignals): Promise<Position>;
  /** Sends the last message again, after the one that is being sent. Returns false if there is none. */
  resend(signals: HandOverSignals): Promise<boolean>;
}

/**
 * Hands the messages of an application over, one after the other, in the order of its log.
 *
 * The position moves when a message is handed over: so one that was interrupted comes again in the next session, and no
 * other one does.
 */
export function createSession(deps: SessionDeps): Session {
  const inTurn = createTurns();
  let last: PolledMessage | undefined;
  const run: Session['run'] = async (start, signals) => {
    let position = start;
    const handedOver = createRecentIds([...(start.overlap?.ids ?? []), ...start.handedOver]);
    const { stop } = signals;
    while (!stop.aborted) {
      await deps.pause.untilOff(stop);
      const page = await deps.readPage(position, stop);
      if (page === undefined) break;
      for (const message of page.messages) {
        if (handedOver.has(message.id) || isTooOld(message, position)) continue;
        if (!(await deps.isWanted(message))) continue;
        if (message.isNotShown) {
          deps.leaveOut(message.id);
          continue;
        }
        await deps.pause.untilOff(stop);
        if (stop.aborted) return position;
        const event = await inTurn(() => deps.handOver(message, signals));
        if (event === undefined) return position;
        last = message;
        handedOver.add(message.id);
        position = afterMessage(position, message);
        deps.keepPosition(position);
        await deps.report(event);
      }
      if (stop.aborted) return position;
      position = afterAnswer(position, page);
      deps.keepPosition(position);
      await waitFor(page.pollAfterMs, stop);
    }
    return position;
  };
  return {
    run: async (start, signals) => {
      const end = await run(start, signals);
      // A message may be on its way once more.
      await inTurn(async () => undefined);
      return end;
    },
    resend: async (signals) => {
      const message = last;
      if (message === undefined) return false;
      await inTurn(async () => {
        const event = await deps.handOver(message, signals);
        if (event) await deps.report({ ...event, resent: true });
      });
      return true;
    },
  };
}

/** A message that was accepted earlier can come to the log late. */
const isTooOld = ({ acceptedAt }: PolledMessage, { since }: Position): boolean =>
  since !== undefined && acceptedAt < since;
