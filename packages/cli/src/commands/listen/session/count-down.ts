import { CliError } from '../../../exit/cli-error.ts';
import type { ListenEvent } from '../output/listen-event.ts';

/** Ends a session after a number of messages, or when a time is over. */
export interface CountDown {
  /** Counts a message, unless it was canceled or was sent again. */
  count(event: ListenEvent): void;
  /** @throws CliError `failed` if the messages did not come in time, or one was not accepted */
  check(): void;
  end(): void;
}

interface CountDownOptions {
  readonly messages: number;
  /** Absent: it waits as long as it takes. */
  readonly timeoutMs?: number | undefined;
  /** After the message that is being sent. */
  readonly stop: () => void;
  /** Also ends what is being sent: the time is over. */
  readonly stopNow: () => void;
}

export function createCountDown({ messages, timeoutMs, stop, stopNow }: CountDownOptions): CountDown {
  let [counted, refused] = [0, 0];
  let isTimeOver = false;
  const onTimeOver = () => {
    isTimeOver = true;
    stopNow();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeOver, timeoutMs);
  return {
    count: ({ error, resent, canceled }) => {
      if (resent || canceled) return;
      counted += 1;
      if (error !== null) refused += 1;
      if (counted >= messages) stop();
    },
    check: () => {
      const asked = `${messages} message${messages === 1 ? '' : 's'}`;
      if (counted < messages) {
        const until = isTimeOver ? `within ${Number(timeoutMs) / 1_000} s` : 'before it was stopped';
        throw new CliError('failed', `Only ${counted} of ${asked} came ${until}`, { code: 'too_few_messages' });
      }
      if (refused > 0)
        throw new CliError('failed', `The target did not accept ${refused} of ${asked}`, { code: 'not_accepted' });
    },
    end: () => clearTimeout(timer),
  };
}
