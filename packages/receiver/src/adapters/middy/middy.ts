import type { Run } from '../../once/run.ts';
import type { Answer } from '../../receive/answer.ts';
import { createAccept, type ReceiverOptions, type Step } from '../../receive/receiver.ts';
import type { VerifiedMessage } from '../../verify/verified-message.ts';
import { type LambdaHttpEvent, requireHttpEvent, toReceivedRequest } from '../lambda/http-event.ts';
import { toHttpResult } from '../lambda/http-result.ts';
import { boundRenewals } from './bounded-renewals.ts';

/** What the middleware adds to the event. */
export interface WebhookEvent {
  webhook: VerifiedMessage & { readonly run: Run };
}

/** The part of middy's request that the middleware uses. So a program without middy can compile this package. */
export interface WebhookMiddyRequest {
  event: WebhookEvent;
  readonly context?: { readonly getRemainingTimeInMillis?: () => number };
  response?: unknown;
  error?: unknown;
}

export interface WebhookMiddyMiddleware {
  before(request: WebhookMiddyRequest): Promise<unknown>;
  after(request: WebhookMiddyRequest): Promise<void>;
  onError(request: WebhookMiddyRequest): Promise<void>;
}

interface Running {
  readonly event: LambdaHttpEvent;
  readonly step: Extract<Step, { readonly kind: 'accepted' }>;
  /** Aborts the signal of the run when its invocation has failed. */
  readonly ended: AbortController;
}

const remedy = 'Call .use(webhooks(options)) before .use(httpJsonBodyParser()).';

/**
 * A middleware of middy 6 and 7. It puts the verified message into `event.webhook`, and runs the handler once for each
 * message if there is a `store`. A message is done when the handler returns, unless it returns a `statusCode` other
 * than 2xx. If it returns anything without a `statusCode`, such as the output of an SDK call, 204 is answered.
 *
 * Mount it before what changes `event.body`. A middleware behind it must not end the request early in its `before`: the
 * message would stay taken until its lease ends.
 *
 * @throws WebhookError `key_invalid` at once, so that the function fails at its cold start
 * @example
 * export const handler = middy(async ({ webhook }) => {
 *   await save(webhook.json());
 * }).use(webhooks({ keys: process.env.WEBHOOK_KEY }));
 */
export function webhooks(options: ReceiverOptions): WebhookMiddyMiddleware {
  const renewals = options.store && boundRenewals(options.store);
  const accept = createAccept(renewals ? { ...options, store: renewals.store } : options);
  const running = new WeakMap<WebhookMiddyRequest, Running>();
  const take = (request: WebhookMiddyRequest): Running | undefined => {
    const found = running.get(request);
    running.delete(request);
    return found;
  };
  return {
    before: async (request) => {
      const event = requireHttpEvent(request.event);
      const step = await accept(toReceivedRequest(event, remedy));
      if (step.kind === 'answered') return toHttpResult(event, step.answer);
      const remainingMs = request.context?.getRemainingTimeInMillis?.();
      // A middleware behind this one may answer, and then nothing is called at the end of the invocation.
      if (remainingMs !== undefined) renewals?.renewUntil(step.run.owner, performance.now() + remainingMs);
      const ended = new AbortController();
      running.set(request, { event, step, ended });
      const signal = AbortSignal.any([step.run.signal, ended.signal]);
      request.event.webhook = { ...step.message, run: { ...step.run, signal } };
      return undefined;
    },
    after: async (request) => {
      const found = take(request);
      if (!found) return;
      const answer = await finish(found, request.response);
      renewals?.forget(found.step.run.owner);
      if (answer) request.response = toHttpResult(found.event, answer);
    },
    onError: async (request) => {
      const found = take(request);
      if (!found) return;
      const { owner } = found.step.run;
      // The handler still runs. Given back, the message would be handled a second time beside it.
      if (isTimeoutOfMiddy(request.error)) renewals?.abandon(owner);
      found.ended.abort(request.error);
      const answer = await found.step.fail(request.error);
      renewals?.forget(owner);
      request.response ??= toHttpResult(found.event, answer);
    },
  };
}

/** Middy throws it a little before the time of the function is over, and does not wait for the handler. */
function isTimeoutOfMiddy(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TimeoutError') return false;
  // AbortSignal.timeout() has errors of the same name. They end the handler.
  return (error.cause as { readonly package?: unknown } | undefined)?.package === '@middy/core';
}

/** @returns what to answer in place of the handler's own response, or undefined if that one stands */
async function finish({ step }: Running, response: unknown): Promise<Answer | undefined> {
  const status = readStatus(response);
  if (status !== undefined && !(status >= 200 && status <= 299)) {
    await step.fail(new Error(`The handler has returned the status ${status}.`));
    return undefined;
  }
  const answer = await step.succeed();
  const isNoted = answer.status < 300;
  // Without a status, REST APIs and load balancers would answer 502 to a message that is done.
  return isNoted && status !== undefined ? undefined : answer;
}

/** @returns undefined if the response is not one for HTTP, and NaN if its status is not a number */
function readStatus(response: unknown): number | undefined {
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return undefined;
  return response.statusCode === undefined || response.statusCode === null ? undefined : Number(response.statusCode);
}
