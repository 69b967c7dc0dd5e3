import { CliError } from '../../exit/cli-error.ts';
import { requireTimeBefore } from '../../input/read-options.ts';
import { type ReplayOptions, statusClasses, statuses } from './replay-options.ts';

/** A task of the server that sends messages of an endpoint again. */
export interface ReplayFilter {
  /** The last part of the operation's path. */
  readonly operation: 'recover' | 'replay-missing' | 'bulk-replay';
  readonly since: string;
  readonly until?: string;
  readonly eventTypes?: readonly string[];
  readonly channel?: string;
  readonly tag?: string;
  readonly status?: number;
  readonly statusCodeClass?: number;
}

/** Reads which messages are to be sent again. @throws CliError `usage` */
export function readFilter(options: ReplayOptions & { readonly since: string }, now: Date): ReplayFilter {
  const { failed, missing, since, until, type, channel, tag, status, statusClass } = options;
  const from = requireTimeBefore('--since', since, now).toISOString();
  const to = until === undefined ? undefined : requireTimeBefore('--until', until, now).toISOString();
  if (to !== undefined && to <= from)
    throw new CliError('usage', `--until ${until}: ${to} is not after --since, which is ${from}`);
  return {
    operation: failed ? 'recover' : missing ? 'replay-missing' : 'bulk-replay',
    since: from,
    ...(to !== undefined && { until: to }),
    ...(type && { eventTypes: type }),
    ...(channel !== undefined && { channel }),
    ...(tag !== undefined && { tag }),
    ...(status !== undefined && { status: statuses[status] }),
    ...(statusClass !== undefined && { statusCodeClass: statusClasses[statusClass] }),
  };
}
