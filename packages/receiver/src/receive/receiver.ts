import {
  type ClaimedRun,
  claimRun,
  type Run,
  type RunOptions,
  requireRunOptions,
  runWithoutStore,
} from '../once/run.ts';
import { LeaseLostError, type OnceStore } from '../once/store.ts';
import type { HeadersLike } from '../verify/headers.ts';
import { type Keys, readKeys } from '../verify/keys.ts';
import { isErrorOfBody, type VerifiedMessage } from '../verify/verified-message.ts';
import {
  checkBody,
  checkHeaders,
  checkTime,
  requireRawBody,
  requireVerifyOptions,
  type VerifyOptions,
} from '../verify/verify.ts';
import { WebhookError } from '../webhook-error.ts';
import {
  type Answer,
  alreadyDoneAnswer,
  answerError,
  defaultMaxBodyBytes,
  doneAnswer,
  handlerFailedAnswer,
  inProgressAnswer,
} from './answer.ts';
import { createFailureAnswer, type ErrorContext } from './failure.ts';

export interface ReceiverOptions extends VerifyOptions, RunOptions {
  /** `whsec_…` and `whpk_…`, one or several, of one sender. Each sender needs a receiver of its own. */
  readonly keys: Keys;
  /**
   * Remembers what was handled. Without it the handler runs for every request, also for a repeated one. If receivers
   * share it, each needs a `scope` of its own: otherwise a message is done for all of them when one has handled it.
   */
  readonly store?: OnceStore;
  /** The longest body, in bytes. By default 1 MiB. */
  readonly maxBodyBytes?: number;
  /**
   * Gets every error that is answered, once: a refused request, a failure of the store, or what the handler has thrown.
   * What it throws itself is ignored. The answer waits for its promise, for at most 3 seconds. Without it,
   * errors that are answered with 5xx are written to stderr.
   */
  readonly onError?: (error: unknown, about: ErrorContext) => unknown;
}

export interface ReceiveOptions extends ReceiverOptions {
  /**
   * What is done with a message. If it throws, 500 is answered and the sender tries again. Only if it lets the error of
   * `message.text()` or `message.json()` through, 400 is answered with `body_not_json`.
   */
  readonly handle: (message: VerifiedMessage, run: Run) => unknown;
}

export interface ReceivedRequest {
  /** Called first, to refuse a request by its method, for example. What it throws is answered like any other error. */
  readonly check?: () => void;
  /**
   * The bytes of the body, before any parser. Or a function that reads them: it gets the longest length that is accepted,
   * and what it throws is answered like any other error. It is not called if the headers or the time of the message are
   * wrong. The time is checked again when it has returned.
   */
  readonly body: Uint8Array | ((maxBodyBytes: number) => Promise<Uint8Array>);
  readonly headers: HeadersLike;
}

/** A request that was answered without its handler, or a message whose handler is to run now. */
export type Step =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | {
      readonly kind: 'accepted';
      readonly message: VerifiedMessage;
      readonly run: Run;
      /** Call it when the handler has done its work. */
      readonly succeed: () => Promise<Answer>;
      /** Call it with what the handler has thrown. */
      readonly fail: (error: unknown) => Promise<Answer>;
    };

/**
 * Makes the function that answers requests: verifies, runs the handler once for each message if there is a store, and
 * returns what to answer. The function never throws.
 *
 * @throws WebhookError `key_invalid` at once, so that a wrong key is found when the program starts
 * @example
 * const receive = createReceiver({ keys: process.env.WEBHOOK_KEY, handle: (message) => save(message.json()) });
 * const { status, headers, body } = await receive({ body: bytes, headers: request.headers });
 */
export function createReceiver({ handle, ...options }: ReceiveOptions): (request: ReceivedRequest) => Promise<Answer> {
  const accept = createAccept(options);
  return async (request) => {
    const step = await accept(request);
    if (step.kind === 'answered') return step.answer;
    try {
      await handle(step.message, step.run);
    } catch (error) {
      return step.fail(error);
    }
    return step.succeed();
  };
}

/**
 * The same in two steps, for frameworks that run the handler themselves. The function never throws.
 *
 * @throws WebhookError `key_invalid` at once
 * @throws RangeError at once, for a number that makes no sense
 */
export function createAccept(options: ReceiverOptions): (request: ReceivedRequest) => Promise<Step> {
  const keys = readKeys(options.keys);
  requireVerifyOptions(options);
  requireRunOptions(options);
  const { store, maxBodyBytes = defaultMaxBodyBytes, onError } = options;
  if (!(maxBodyBytes >= 0)) throw new RangeError('maxBodyBytes must be 0 or more.');
  const answerFailure = createFailureAnswer(onError);
  const receive = async ({ check, body: given, headers }: ReceivedRequest): Promise<VerifiedMessage> => {
    check?.();
    // Before a body is read, so that a stranger cannot fill the memory.
    if (typeof given !== 'function') requireRawBody(given);
    const recent = checkHeaders(headers, options);
    const body = typeof given === 'function' ? await given(maxBodyBytes) : given;
    requireRawBody(body);
    if (body.byteLength > maxBodyBytes)
      throw new WebhookError('body_too_large', `The body has more than ${maxBodyBytes} bytes.`);
    // Again: a sender can take hours to send a body, so that a recorded request would still be accepted then.
    checkTime(recent.timestamp, options);
    return checkBody(keys, body, recent);
  };
  return async (request) => {
    let messageId: string | undefined;
    try {
      const message = await receive(request);
      messageId = message.id;
      const claimed = store ? await claimRun(message.id, store, options) : runWithoutStore(message.id);
      return toStep(message, claimed, (answer, error) => answerFailure(answer, error, { messageId: message.id }));
    } catch (error) {
      return { kind: 'answered', answer: await answerFailure(answerError(error), error, { messageId }) };
    }
  };
}

type AnswerFailureOfMessage = (answer: Answer, error: unknown) => Promise<Answer>;

function toStep(message: VerifiedMessage, claimed: ClaimedRun, answerFailure: AnswerFailureOfMessage): Step {
  if (claimed.kind === 'already_done') return { kind: 'answered', answer: alreadyDoneAnswer };
  if (claimed.kind === 'in_progress') return { kind: 'answered', answer: inProgressAnswer(claimed.retryAfterSeconds) };
  const { run, complete, release } = claimed;
  const failOfKit = (error: unknown) => answerFailure(answerError(error), error);
  return {
    kind: 'accepted',
    message,
    run,
    succeed: () =>
      complete().then((completed) => (completed ? doneAnswer : failOfKit(new LeaseLostError(run.id))), failOfKit),
    fail: async (error) => {
      await release();
      // A handler may use the kit for other things. Only what this message and this run have thrown is the kit's.
      const isOfKit = isErrorOfBody(error, message) || (run.signal.aborted && error === run.signal.reason);
      return isOfKit ? failOfKit(error) : answerFailure(handlerFailedAnswer, error);
    },
  };
}
