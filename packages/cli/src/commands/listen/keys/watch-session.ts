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
  /** Once: after the message that is being sent. Twice: at once. */
  readonly quit: () => void;
}

export interface SessionWatch {
  readonly hasKeys: boolean;
  end(): void;
}

/** Lets a person control the session by keys, if there is a terminal, and notices when the process goes on after a stop. */
export function watchSession(io: Io, parts: WatchedParts): SessionWatch {
  const { session, signals, pause, sleep, output, quit } = parts;
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
        quit,
        suspend: () => {
          keys?.release();
          suspendProcess();
        },
      })
    : undefined;
  const endContinue = onContinue(() => {
    keys?.take();
    sleep.wake();
  });
  return {
    hasKeys: keys !== undefined,
    end: () => {
      endContinue();
      keys?.release();
    },
  };
}
