import { CliError } from '../../../exit/cli-error.ts';
import { backoffMs } from '../../../reconnect/backoff.ts';
import { waitFor } from '../../../reconnect/wait.ts';
import type { PolledMessage } from '../messages/read-poll-answer.ts';
import type { ListenEvent } from '../output/listen-event.ts';
import type { Prepared } from '../signing/prepared.ts';
import { type TargetRequest, toRequest } from '../signing/to-request.ts';
import type { TargetAnswer } from '../target/send-to-target.ts';

export interface HandOverDeps {
  readonly prepare: (message: PolledMessage) => Promise<Prepared>;
  readonly send: (request: TargetRequest, signal: AbortSignal) => Promise<TargetAnswer>;
  readonly clock: () => Date;
  /** Is called once when a message has to wait, and once when the target has taken it. */
  readonly onHold: (hold: { readonly message: PolledMessage; readonly reason: string } | undefined) => void;
  /** Hold a message until the target accepts it, whatever goes wrong. Otherwise, only while it takes no connection. */
  readonly retry: boolean;
}

export interface HandOverSignals {
  /** No further try. */
  readonly stop: AbortSignal;
  /** Also ends a try that is being made. */
  readonly stopNow: AbortSignal;
}

/**
 * Hands a message over to the target. Returns what became of it; undefined if it was stopped before that, so that the
 * message has to be handed over later.
 *
 * While the target takes no connections, the message waits, and all behind it. So a target that is started again loses
 * nothing. A target that has taken the message and refuses it, or breaks off, has had it.
 *
 * @throws CliError if the target is not on this machine any more
 */
export const createHandOver =
  (deps: HandOverDeps) =>
  async (message: PolledMessage, { stop, stopNow }: HandOverSignals): Promise<ListenEvent | undefined> => {
    const { id, eventType: type, deliverAt } = message;
    const about = { id, type, ...(deliverAt && deliverAt > deps.clock() && { deliverAt: deliverAt.toISOString() }) };
    let isHeld = false;
    for (let tries = 1; ; tries += 1) {
      const prepared = await deps.prepare(message);
      if (prepared.kind === 'canceled') return { ...about, status: null, ms: 0, error: null, canceled: true };
      const answer = await attempt(deps, message, { prepared, signal: stopNow });
      if (stopNow.aborted && answer.kind !== 'answered') return undefined;
      const error = errorOf(answer);
      if (error === null || !mustHold(answer, deps.retry)) {
        if (isHeld) deps.onHold(undefined);
        const { url } = { url: undefined, ...prepared };
        return {
          ...{ ...about, status: answer.kind === 'answered' ? answer.status : null, ms: answer.ms, error },
          ...(tries > 1 && { tries }),
          ...(url !== undefined && { url }),
        };
      }
      if (!isHeld) deps.onHold({ message, reason: error });
      isHeld = true;
      await waitFor(backoffMs(tries), stop);
      if (stop.aborted) return undefined;
    }
  };

type Answer = TargetAnswer | { readonly kind: 'not-transformed'; readonly reason: string; readonly ms: 0 };

async function attempt(
  { send, clock }: Pick<HandOverDeps, 'send' | 'clock'>,
  message: PolledMessage,
  { prepared, signal }: { readonly prepared: Exclude<Prepared, { kind: 'canceled' }>; readonly signal: AbortSignal },
): Promise<Answer> {
  if (prepared.kind === 'failed') return { kind: 'not-transformed', reason: prepared.reason, ms: 0 };
  const { outgoing, secret } = prepared;
  const answer = await send(toRequest(message, outgoing, { secret, now: clock() }), signal);
  if (answer.kind !== 'forbidden') return answer;
  throw new CliError('failed', `Nothing was sent: ${answer.reason}`, {
    code: 'external_target',
    remedy: 'Forward to this machine, or add --allow-external',
  });
}

const mustHold = (answer: Answer, retry: boolean): boolean => retry || answer.kind === 'unreachable';

function errorOf(answer: Answer): string | null {
  if (answer.kind !== 'answered') return answer.reason;
  return answer.status >= 200 && answer.status < 300 ? null : `the target answered ${answer.status}`;
}
