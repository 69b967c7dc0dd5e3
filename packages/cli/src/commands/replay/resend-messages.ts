import { createHash } from 'node:crypto';
import { type Connection, pathOf } from '../../connection/connection.ts';
import { inParallel } from '../../connection/in-parallel.ts';
import { newKey, postOnce } from '../../connection/post-once.ts';
import { readAll } from '../../connection/read-pages.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { readBody } from '../../input/read-body.ts';
import { findEndpoint } from '../../outcomes/find-endpoint.ts';
import type { Standing } from '../../outcomes/judge.ts';
import { count } from '../../terminal/count.ts';
import { explainStop } from '../../terminal/explain-stop.ts';
import type { ReplayOptions } from './replay-options.ts';

type ResendOptions = ReplayOptions & { readonly app: string };

/** One message to one endpoint. */
interface Resend {
  readonly msgId: string;
  readonly endpointId: string;
}

interface Failure extends Resend {
  readonly error: { readonly code: string; readonly message: string };
}

/** Sends some messages once more to an endpoint, or to all endpoints that they were sent to. */
export async function resendMessages(
  context: Context,
  names: readonly string[],
  options: ResendOptions,
): Promise<void> {
  const { io } = context;
  const messages = await readMessageIds(names, io);
  const connection = await context.connect();
  const { resends, skipped } = await planResends(connection, messages, options);
  const endpoints = new Set(resends.map(({ endpointId }) => endpointId)).size;
  const leftOut = skipped.length > 0 ? ` (${skipped.length} left out: the endpoint is disabled)` : '';
  const requests = count(resends.length, 'request');
  const plan = `${count(messages.length, 'message')} to ${count(endpoints, 'endpoint')}: ${requests}${leftOut}`;
  if (options.dryRun) return context.print({ dryRun: true, resends, skipped }, plan);
  if (resends.length === 0) {
    context.note('There is no enabled endpoint that they were sent to: name one with --endpoint');
    return context.print({ resent: [], failed: [], skipped }, plan);
  }
  await context.confirm(`${plan}. Send them?`, options.yes === true);
  const { idempotencyKey = newKey() } = options;
  const { stoppedBy, ...result } = await resendAll(context, connection, { ...options, resends, idempotencyKey });
  const { resent, failed, notTried } = result;
  const text = `${resent.length} of ${requests} accepted${notTried.length > 0 ? `, ${notTried.length} not tried` : ''}`;
  await context.print({ ...result, skipped, idempotencyKey }, text);
  for (const { msgId, endpointId, error } of failed) context.note(`${msgId} to ${endpointId}: ${error.message}`);
  if (stoppedBy !== undefined) throw withRepetition(stoppedBy, idempotencyKey);
  if (failed.length === 0) return;
  throw new CliError('failed', `${failed.length} of ${requests} failed`, {
    code: 'resend_failed',
    remedy: failed[0]?.error.message,
  });
}

/** Says how to send the rest. The key of one request is of no use for that. */
function withRepetition(error: unknown, idempotencyKey: string): unknown {
  if (!(error instanceof CliError)) return error;
  const { kind, message, code, requestId, remedy } = error;
  const repeat = `Repeat it with --idempotency-key ${idempotencyKey}: what was accepted is not sent again`;
  const first = code === 'outcome_unknown' || remedy === undefined ? '' : `${remedy}. `;
  return new CliError(kind, message, { code, requestId, remedy: first + repeat, cause: error });
}

async function readMessageIds(names: readonly string[], io: Context['io']): Promise<readonly string[]> {
  const given = names.includes('-') ? Buffer.from(await readBody('-', io)).toString('utf8') : '';
  const ids = [...names.filter((name) => name !== '-'), ...given.split(/\s+/).filter((id) => id !== '')];
  if (ids.length > 0) return [...new Set(ids)];
  throw new CliError('usage', 'There is no id of a message on stdin');
}

interface Plan {
  readonly resends: readonly Resend[];
  /** Disabled endpoints get nothing. */
  readonly skipped: readonly Resend[];
}

async function planResends(
  connection: Connection,
  messages: readonly string[],
  { app, endpoint }: ResendOptions,
): Promise<Plan> {
  if (endpoint !== undefined) {
    const { id: endpointId, disabled } = await findEndpoint(connection, app, endpoint);
    if (!disabled) return { resends: messages.map((msgId) => ({ msgId, endpointId })), skipped: [] };
    throw new CliError('failed', `The endpoint ${endpointId} is disabled: it gets nothing`, {
      code: 'endpoint_disabled',
      remedy: 'Enable it first',
    });
  }
  const found = await inParallel(messages, async (msgId) => {
    const standings = await readAll<Standing>(connection, pathOf`/app/${app}/msg/${msgId}/endpoint`);
    return standings.map(({ id: endpointId, disabled }) => ({ msgId, endpointId, disabled }));
  });
  const toResend = ({ msgId, endpointId }: Resend): Resend => ({ msgId, endpointId });
  return {
    resends: found
      .flat()
      .filter(({ disabled }) => !disabled)
      .map(toResend),
    skipped: found
      .flat()
      .filter(({ disabled }) => disabled)
      .map(toResend),
  };
}

interface Resends {
  readonly app: string;
  /** As the command line names it. Absent: all that the messages were sent to. */
  readonly endpoint?: string;
  readonly resends: readonly Resend[];
  /** The key of each request is made from it. */
  readonly idempotencyKey: string;
}

interface ResendResult {
  readonly resent: readonly Resend[];
  readonly failed: readonly Failure[];
  readonly notTried: readonly Resend[];
  /** Why the rest was not tried: another request would have failed in the same way. */
  readonly stoppedBy?: unknown;
}

/** Throws only if the program is interrupted: otherwise what was accepted would be lost. */
async function resendAll(
  context: Context,
  connection: Connection,
  { app, endpoint, resends, idempotencyKey }: Resends,
): Promise<ResendResult> {
  const resent: Resend[] = [];
  const failed: Failure[] = [];
  const to = endpoint === undefined ? '' : ` --endpoint ${endpoint}`;
  const stopExplaining = explainStop(context, () => {
    const left = without(resends, resent);
    printLeft(context, { resent, failed, notTried: without(left, failed), idempotencyKey });
    return {
      message: `${resent.length} of ${count(resends.length, 'request')} were accepted. The ids of the others are printed`,
      remedy: `Send them: posthorn replay - --app ${app}${to} --idempotency-key ${idempotencyKey}`,
    };
  });
  const result = (stoppedBy?: unknown): ResendResult => ({
    ...{ resent, failed, notTried: without(without(resends, resent), failed) },
    ...(stoppedBy !== undefined && { stoppedBy }),
  });
  try {
    await inParallel(resends, async (resend) => {
      try {
        const path = pathOf`/app/${app}/msg/${resend.msgId}/endpoint/${resend.endpointId}/resend`;
        await postOnce(connection, { path, key: keyOf(resend, idempotencyKey) }, context.io);
        resent.push(resend);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        failed.push({ ...resend, error: { code: error.code, message: error.message } });
        if (error.kind !== 'failed') throw error;
      }
      const done = resent.length + failed.length;
      if (done % 50 === 0) context.note(`${done} of ${resends.length}`);
    });
    return result();
  } catch (error) {
    // What is left was printed then.
    if (context.io.stop.aborted) throw error;
    return result(error);
  } finally {
    stopExplaining();
  }
}

/** The same for each run with the same key, so that the server sends once what is repeated. Keys have a limited length. */
const keyOf = ({ msgId, endpointId }: Resend, idempotencyKey: string): string =>
  `cli-${createHash('sha256')
    .update(JSON.stringify([idempotencyKey, msgId, endpointId]))
    .digest('hex')}`;

function without(resends: readonly Resend[], others: readonly Resend[]): readonly Resend[] {
  const names = new Set(others.map(nameOf));
  return resends.filter((resend) => !names.has(nameOf(resend)));
}

const nameOf = ({ msgId, endpointId }: Resend): string => `${msgId} ${endpointId}`;

/** Prints what is left when the program is interrupted: the ids of messages, as `replay -` takes them. */
function printLeft({ io, print }: Context, result: ResendResult & { readonly idempotencyKey: string }): void {
  if (io.stop.reason === 'output-closed') return;
  const left = new Set([...result.failed, ...result.notTried].map(({ msgId }) => msgId));
  void print(result, [...left].join('\n'));
}
