import { pathOf } from '../../connection/connection.ts';
import { requireText } from '../../connection/not-posthorn.ts';
import { newKey, postOnce } from '../../connection/post-once.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { type FoundEndpoint, findEndpoint } from '../../outcomes/find-endpoint.ts';
import { count } from '../../terminal/count.ts';
import { type Count, countMessages, isNothing } from './count-messages.ts';
import { followTask } from './follow-task.ts';
import { type ReplayFilter, readFilter } from './replay-filter.ts';
import type { ReplayOptions } from './replay-options.ts';

type FilterOptions = ReplayOptions & { readonly app: string; readonly endpoint: string; readonly since: string };

/** Counts the messages of an endpoint that a filter finds, asks, and lets a task of the server send them again. */
export async function replayByFilter(context: Context, options: FilterOptions): Promise<void> {
  const { app, idempotencyKey: key = newKey() } = options;
  const filter = readFilter(options, new Date());
  const connection = await context.connect();
  const endpoint = await findEndpoint(connection, app, options.endpoint);
  if (endpoint.disabled)
    throw new CliError('failed', `The endpoint ${endpoint.id} is disabled: it gets nothing`, {
      code: 'endpoint_disabled',
      remedy: 'Enable it first',
    });
  const counted = await countMessages({ connection, app, endpoint }, filter);
  const { operation, ...body } = filter;
  const plan = { operation, endpointId: endpoint.id, ...body, ...counted };
  if (options.dryRun) return context.print({ dryRun: true, ...plan }, sentence(filter, counted, endpoint));
  if (isNothing(counted)) return context.print({ ...plan, task: null }, sentence(filter, counted, endpoint));
  await context.confirm(`${sentence(filter, counted, endpoint)}. Send them?`, options.yes === true);
  const path = `${pathOf`/app/${app}/endpoint/${endpoint.id}`}/${operation}`;
  const task = (await postOnce(connection, { path, body, key }, context.io)).json<{ readonly id: string }>();
  const id = requireText(task.id, connection.server);
  if (!options.wait) return context.print({ ...plan, task: id }, id);
  context.note(`The task ${id} was begun`);
  await followTask(context, connection, id);
}

const kinds: Readonly<Record<ReplayFilter['operation'], string>> = {
  recover: 'failed or canceled at',
  'replay-missing': 'never sent to',
  'bulk-replay': 'already sent to',
};

const sentence = ({ operation }: ReplayFilter, counted: Count, { id, url }: FoundEndpoint): string =>
  `${amountOf(counted)}, ${kinds[operation]} ${id} (${url})`;

const accuracies = { about: '', 'at-most': 'up to ', 'at-least': 'at least ', unknown: '' } as const;

const amountOf = ({ messages, accuracy }: Count): string =>
  messages === null
    ? 'an unknown number of messages (too many to count)'
    : accuracies[accuracy] + count(messages, 'message');
