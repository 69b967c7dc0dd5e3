import { type Connection, pathOf } from '../../connection/connection.ts';
import { newKey, postOnce } from '../../connection/post-once.ts';
import { toRefusal } from '../../connection/refusal.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { requireCount } from '../../input/read-options.ts';
import { findEndpoint } from '../../outcomes/find-endpoint.ts';
import { chooseExample } from '../../payload/choose-example.ts';
import { toMessageText } from '../../payload/message-text.ts';
import { toPlainJson } from '../../terminal/plain-text.ts';
import { type MessageOptions, readWait } from '../send/message-options.ts';
import { printSent, sendMessage, toBareMessage } from '../send/send-message.ts';

export interface TriggerOptions extends MessageOptions {
  readonly example?: string;
  readonly endpoint?: string;
  readonly dryRun?: boolean;
}

/** Sends an example of an event type. @throws CliError if there is none, and as `sendMessage` does */
export async function triggerExample(context: Context, eventType: string, options: TriggerOptions): Promise<void> {
  const index = options.example === undefined ? undefined : requireCount('--example', options.example);
  if (options.endpoint !== undefined)
    return sendToOne(context, { eventType, exampleIndex: index }, { ...options, endpoint: options.endpoint });
  const { payload, isMade } = await readExample(await context.connect(), eventType, index);
  if (isMade) context.note(`The schema of ${eventType} has no examples: one is made from it`);
  if (options.dryRun) return context.print(payload, toPlainJson(payload));
  const text = JSON.stringify(payload);
  await sendMessage(context, { eventType, write: (fields) => toMessageText(fields, text), options });
}

interface Example {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly isMade: boolean;
}

async function readExample(connection: Connection, eventType: string, index: number | undefined): Promise<Example> {
  const path = pathOf`/event-type/${eventType}`;
  const answer = await connection.send({ method: 'GET', path });
  const sendInstead = `Send a payload of your own: posthorn send ${eventType} JSON`;
  const refuse = (code: string, problem: string, remedy = sendInstead) =>
    new CliError('failed', problem, { code, remedy });
  if (answer.status === 404) throw refuse('no_event_type', `There is no event type ${eventType}`);
  if (answer.status !== 200) throw toRefusal(answer, `GET ${path}`);
  const { schemas } = answer.json<{ readonly schemas: Readonly<Record<string, unknown>> | null }>();
  const example = chooseExample(schemas, index);
  switch (example.kind) {
    case 'given':
    case 'made':
      return { payload: example.value, isMade: example.kind === 'made' };
    case 'no-schema':
      throw refuse('no_schema', `The event type ${eventType} has no schema to take an example from`);
    case 'not-an-object':
      throw refuse('payload_not_object', `The example of ${eventType} is no JSON object, and payloads must be one`);
    case 'absent':
      throw refuse(
        'no_example',
        `The newest schema of ${eventType} has ${example.count} examples: ${index} is too high`,
      );
  }
}

/** The server takes the example, and the message is for this endpoint only. */
async function sendToOne(
  context: Context,
  example: { readonly eventType: string; readonly exampleIndex: number | undefined },
  options: TriggerOptions & { readonly endpoint: string },
): Promise<void> {
  const { app, endpoint, idempotencyKey: key = newKey() } = options;
  const timeoutMs = readWait(options, new Date());
  const connection = await context.connect();
  const { id, url, disabled } = await findEndpoint(connection, app, endpoint);
  if (disabled)
    throw new CliError('failed', `The endpoint ${id} is disabled: it gets nothing`, { code: 'endpoint_disabled' });
  const post = { path: pathOf`/app/${app}/endpoint/${id}/send-example`, body: example, key };
  const answer = await postOnce(connection, post, context.io).catch((error: unknown) => {
    if (!(error instanceof CliError) || error.code !== 'invalid_scheme') throw error;
    const { kind, message: text, code, requestId } = error;
    const remedy = 'Without --endpoint an example is made from the schema';
    throw new CliError(kind, text, { code, requestId, remedy, cause: error });
  });
  const message = toBareMessage(answer);
  await printSent(context, connection, { app, message, expected: [{ id, url }], timeoutMs });
}
