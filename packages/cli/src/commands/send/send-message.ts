import { type Answer, type Connection, pathOf } from '../../connection/connection.ts';
import { requireText } from '../../connection/not-posthorn.ts';
import { newKey, postOnce } from '../../connection/post-once.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { describeOutcome } from '../../outcomes/describe-outcome.ts';
import { type ExpectedEndpoint, findExpectedEndpoints } from '../../outcomes/expected-endpoints.ts';
import { type EndpointOutcome, hasFailed, isFinal } from '../../outcomes/judge.ts';
import { waitForOutcomes } from '../../outcomes/wait-for-outcomes.ts';
import { count } from '../../terminal/count.ts';
import { type MessageOptions, readWait, toMessageFields } from './message-options.ts';

/** A message to send. */
export interface NewMessage {
  readonly eventType: string;
  /** Writes the body of the request around its other fields, so that the payload keeps its bytes. */
  readonly write: (fields: Readonly<Record<string, unknown>>) => string;
  readonly options: MessageOptions;
}

/** A message as the API answers it. */
interface AcceptedMessage {
  readonly id: string;
  readonly eventType: string;
  readonly timestamp: string;
}

/**
 * Sends a message and prints its id. With `--wait` it also waits for the outcome at each endpoint.
 *
 * @throws CliError `failed` if an endpoint did not accept it, or the time is over
 */
export async function sendMessage(context: Context, { eventType, write, options }: NewMessage): Promise<void> {
  const { app, channel = [] } = options;
  const now = new Date();
  const timeoutMs = readWait(options, now);
  const body = write(toMessageFields(eventType, options, now));
  const connection = await context.connect();
  // Read before the message is sent: fan-out takes the endpoints that match shortly after it was accepted.
  const expected =
    timeoutMs === undefined ? [] : await findExpectedEndpoints(connection, app, { eventType, channels: channel });
  const key = options.idempotencyKey ?? newKey();
  const post = { path: pathOf`/app/${app}/msg`, query: { with_content: false }, body, key };
  const message = toBareMessage(await postOnce(connection, post, context.io));
  await printSent(context, connection, { app, message, expected, timeoutMs });
}

/** A message of an answer, without its payload: its numbers may have changed when it was parsed. */
export function toBareMessage(answer: Answer): AcceptedMessage {
  const { payload: _, ...message } = answer.json<AcceptedMessage & { readonly payload?: unknown }>();
  return message;
}

/** A message that was accepted, and what to wait for. */
interface Sent {
  readonly app: string;
  readonly message: AcceptedMessage;
  readonly expected: readonly ExpectedEndpoint[];
  /** `undefined`: not at all. */
  readonly timeoutMs: number | undefined;
}

/** Prints the id of a message that was accepted, and waits for its outcome if that is asked for. @throws CliError */
export async function printSent(
  context: Context,
  connection: Connection,
  { app, message, expected, timeoutMs }: Sent,
): Promise<void> {
  const { timestamp, eventType } = message;
  const id = requireText(message.id, connection.server);
  if (timeoutMs === undefined) return context.print(message, id);
  if (expected.length === 0) {
    context.note(`No endpoint of ${app} gets ${eventType} now: there is nothing to wait for`);
    return context.print({ ...message, endpoints: [] }, id);
  }
  context.note(`${id} was accepted. Waiting for ${count(expected.length, 'endpoint')}`);
  const sent = { app, id, timestamp };
  const endpoints = await waitForOutcomes(context, connection, sent, { expected, timeoutMs });
  await context.print({ ...message, endpoints }, [id, ...endpoints.map(describeOutcome)].join('\n'));
  requireSuccess(sent, endpoints);
}

/** @throws CliError `failed` with what did not succeed */
function requireSuccess({ app, id }: { app: string; id: string }, endpoints: readonly EndpointOutcome[]): void {
  const failed = endpoints.filter(hasFailed).length;
  const of = `of ${count(endpoints.length, 'endpoint')}`;
  if (failed > 0)
    throw new CliError('failed', `${failed} ${of} did not accept ${id}`, {
      code: 'not_delivered',
      remedy: `See what they answered: posthorn api GET /app/${app}/attempt/msg/${id}`,
    });
  const waiting = endpoints.filter((one) => !isFinal(one)).length;
  if (waiting > 0)
    throw new CliError('failed', `The time is over: at ${waiting} ${of} ${id} still waits`, {
      code: 'wait_timed_out',
      remedy: 'Retries go on by their schedule. Give it more time with --timeout, such as 10m',
    });
}
