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
  const { resent, failed } = await resendAll(context, connection, { app: options.app, resends });
  await context.print({ resent, failed, skipped }, `${resent.length} of ${requests} accepted`);
  if (failed.length === 0) return;
  for (const { msgId, endpointId, error } of failed) context.note(`${msgId} to ${endpointId}: ${error.message}`);
  throw new CliError('failed', `${failed.length} of ${requests} failed`, {
    code: 'resend_failed',
    remedy: failed[0]?.error.message,
  });
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

async function resendAll(
  context: Context,
  connection: Connection,
  { app, resends }: { readonly app: string; readonly resends: readonly Resend[] },
): Promise<{ readonly resent: readonly Resend[]; readonly failed: readonly Failure[] }> {
  const resent: Resend[] = [];
  const failed: Failure[] = [];
  const stopExplaining = explainStop(context, () => ({
    message: `${resent.length} of ${count(resends.length, 'request')} were accepted, in the order of the messages`,
    remedy: 'Run it again for the others',
  }));
  await inParallel(resends, async (resend) => {
    try {
      const path = pathOf`/app/${app}/msg/${resend.msgId}/endpoint/${resend.endpointId}/resend`;
      await postOnce(connection, { path, key: newKey() }, context.io);
      resent.push(resend);
    } catch (error) {
      if (!(error instanceof CliError) || error.kind !== 'failed') throw error;
      failed.push({ ...resend, error: { code: error.code, message: error.message } });
    }
    const done = resent.length + failed.length;
    if (done % 50 === 0) context.note(`${done} of ${resends.length}`);
  });
  stopExplaining();
  return { resent, failed };
}
