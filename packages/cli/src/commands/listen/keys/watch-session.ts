import type { SleepNotice } from '../../../reconnect/notice-sleep.ts';
import type { Io } from '../../../terminal/io.ts';
import { canAsk } from '../../../terminal/prompt.ts';
import type { ListenOutput } from '../output/listen-output.ts';
import type { HandOverSignals } from '../session/hand-over.ts';
import type { Pause } from '../session/pause.ts';
import type { Session } from '../session/run-session.ts';
import { onContinue, suspendProcess } from './suspend-process.ts';
import { watchKeys } from './watch-keys.ts';

interface WatchedParts {
  readonly session: Session;
  readonly signals: HandOverSignals;
  readonly pause: Pause;
  readonly sleep: SleepNotice;
  readonly output: ListenOutput;
  /** `q` and Ctrl-D. */
  readonly quit: () => void;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** How often a process in the background looks whether it is in the foreground. Milliseconds. Default: 2 s. */
  readonly lookEveryMs?: number;
}

const defaultLookEveryMs = 2_000;

export interface SessionWatch {
  readonly hasKeys: boolean;
  end(): void;
}

/**
 * Lets a person control the session by keys, if there is a terminal and the process is in its foreground. Notices when
 * the process goes on after a stop: it can be in the foreground or in the background then.
 */
export async function watchSession(
  io: Pick<Io, 'stdin' | 'isTerminal' | 'isForeground'>,
  { session, signals, pause, sleep, output, quit, interrupt, lookEveryMs = defaultLookEveryMs }: WatchedParts,
): Promise<SessionWatch> {
  const resend = async (): Promise<void> => {
    const wasSent = await session.resend(signals);
    if (!wasSent) output.notice('nothing_sent', 'No message was sent yet');
  };
  const keys = canAsk(io)
    ? watchKeys(io.stdin, {
        // A failure ends the session too, at its next message.
        resend: () => void resend().catch(({ message }: Error) => output.notice('not_resent', message)),
        pause: () => {
          pause.toggle();
          if (pause.isOn()) output.notice('paused', 'Paused: p goes on');
          else output.notice('continued', 'Goes on');
        },
        ...{ quit, interrupt },
        suspend: () => {
          keys?.release();
          suspendProcess();
        },
      })
    : undefined;
  let hasEnded = false;
  const takeKeys = async (): Promise<void> => {
    if (keys === undefined) return;
    const mayTake = await io.isForeground();
    if (hasEnded) return;
    if (mayTake) keys.take();
    else keys.abandon();
  };
  await takeKeys();
  const endContinue = onContinue(() => {
    void takeKeys();
    sleep.wake();
  });
  // A shell sends no signal to a job that comes to the foreground and was running.
  const timer =
    keys &&
    setInterval(() => {
      if (!keys.isTaken()) void takeKeys();
    }, lookEveryMs).unref();
  return {
    hasKeys: keys?.isTaken() === true,
    end: () => {
      hasEnded = true;
      clearInterval(timer);
      endContinue();
      keys?.release();
    },
  };
}
