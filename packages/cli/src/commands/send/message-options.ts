import type { Command } from 'commander';
import { CliError } from '../../exit/cli-error.ts';
import { collect, requireDuration, requireTimeAfter } from '../../input/read-options.ts';

/** Options of the commands that send a message. */
export interface MessageOptions {
  readonly app: string;
  readonly channel?: readonly string[];
  readonly tag?: readonly string[];
  readonly eventId?: string;
  readonly deliverAt?: string;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly timeout?: string;
}

/** Adds the options of the commands that send a message. */
export const addMessageOptions = (command: Command): Command =>
  command
    .requiredOption('--app <app>', 'the application: its id or uid')
    .option('--channel <name>', 'a channel of the message; can be repeated', collect)
    .option('--tag <tag>', 'a tag of the message; can be repeated', collect)
    .option('--event-id <id>', 'your id of the event: a second message with it is refused')
    .option('--deliver-at <time>', 'when to deliver it: 10m from now on, or 2026-01-31T12:00:00Z')
    .option('--idempotency-key <key>', 'repeat a request whose outcome is unknown: a key makes one message')
    .option('--wait', 'wait until each endpoint has accepted it, or gets it no more; exit code 1 if one did not accept')
    .option('--timeout <duration>', 'with --wait: how long, such as 30s or 10m (default: 1m)');

/** The fields of a message besides its payload. */
export function toMessageFields(eventType: string, options: MessageOptions, now: Date): Record<string, unknown> {
  const { channel, tag, eventId, deliverAt } = options;
  return {
    eventType,
    ...(channel && { channels: channel }),
    ...(tag && { tags: tag }),
    ...(eventId !== undefined && { eventId }),
    ...(deliverAt !== undefined && { deliverAt: requireTimeAfter('--deliver-at', deliverAt, now).toISOString() }),
  };
}

const defaultTimeout = '1m';

/** How long to wait for the outcome, in milliseconds; `undefined`: not at all. @throws CliError `usage` */
export function readWait({ wait = false, timeout, deliverAt }: MessageOptions, now: Date): number | undefined {
  if (!wait && timeout !== undefined) throw new CliError('usage', '--timeout is for --wait', { remedy: 'Add --wait' });
  if (!wait) return undefined;
  const timeoutMs = requireDuration('--timeout', timeout ?? defaultTimeout);
  if (deliverAt === undefined) return timeoutMs;
  if (requireTimeAfter('--deliver-at', deliverAt, now).getTime() - now.getTime() < timeoutMs) return timeoutMs;
  throw new CliError('usage', `--deliver-at ${deliverAt}: is after the end of the wait`, {
    remedy: `Wait longer than ${timeout ?? defaultTimeout} with --timeout, or leave --wait out`,
  });
}
