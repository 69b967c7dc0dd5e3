import { type Command, Option } from 'commander';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { collect } from '../../input/read-options.ts';
import { type ReplayOptions, statusClasses, statuses } from './replay-options.ts';

const examples = `
With messages, each is sent once more to --endpoint, or to all endpoints that it was sent to; no retries follow. Without
messages, a task of the server sends those of one endpoint that were accepted from --since to --until, with retries:
  --failed    all that failed or were canceled
  --missing   all that match its filters and were never sent to it
  otherwise   all that were sent to it, with any outcome, that match the filters

They are counted first, and then you are asked. If this program is interrupted, the task goes on: --task follows it.
If a replay of messages is interrupted, the ids of those that are left are printed: replay - takes them.

Examples:
  $ posthorn replay msg_2tYv8N0eBq5gVxk3Xz1bA9cDfGh --app acme
  $ posthorn replay --app acme --endpoint ep_2tYv8N0eBq5gVxk3Xz1bA9cDfGh --failed --since 2d --dry-run
  $ posthorn replay --app acme --endpoint billing --since 2026-01-31 --type order.paid --status fail --yes`;

const filters = ['type', 'channel', 'tag', 'status', 'statusClass'] as const;
const ofTasks = ['failed', 'missing', 'since', 'until', ...filters, 'wait'] as const;
const notForTask = ['app', 'endpoint', ...ofTasks, 'dryRun', 'yes', 'idempotencyKey'] as const;

const seeHelp = 'See posthorn replay --help';

/** `posthorn replay`: sends messages again. */
export const addReplay = (program: Command, context: Context): Command =>
  program
    .command('replay')
    .description('Send messages again: some, or those of an endpoint by filters.')
    .argument('[messages...]', 'ids of messages; - reads them from stdin')
    .option('--app <app>', 'the application: its id or uid')
    .option('--endpoint <endpoint>', 'the endpoint or destination: its id or uid')
    .option('--failed', 'messages that failed or were canceled')
    .addOption(new Option('--missing', 'messages that were never sent').conflicts('failed'))
    .option('--since <time>', 'messages from this time on: 2h or 7d before now, or 2026-01-31T12:00:00Z')
    .option('--until <time>', 'messages before this time (default: now)')
    .option('--type <type>', 'messages of this event type; can be repeated', collect)
    .option('--channel <name>', 'messages of this channel')
    .option('--tag <tag>', 'messages with this tag')
    .addOption(new Option('--status <status>', 'where they stand at the endpoint').choices(Object.keys(statuses)))
    .addOption(
      new Option('--status-class <class>', 'the last answer; none: there was no answer').choices(
        Object.keys(statusClasses),
      ),
    )
    .option('--dry-run', 'only count')
    .option('--yes', 'do not ask')
    .option('--no-wait', 'begin the task, and do not follow it')
    .option('--task <id>', 'follow a task that was begun before')
    .option(
      '--idempotency-key <key>',
      'repeat a run whose outcome is unknown: what was done under this key is not done again',
    )
    .addHelpText('after', examples)
    .action(async (messages: readonly string[], options: ReplayOptions) => {
      const { task } = options;
      if (task !== undefined) {
        refuseOthers(options, notForTask, 'is not for --task');
        if (messages.length > 0) throw new CliError('usage', 'Messages are not for --task', { remedy: seeHelp });
        const { followTask } = await import('./follow-task.ts');
        return followTask(context, await context.connect(), task);
      }
      const app = required(options.app, '--app', 'Name the application by its id or uid');
      if (messages.length > 0) {
        refuseOthers(options, ofTasks, 'is for a replay without messages');
        const { resendMessages } = await import('./resend-messages.ts');
        return resendMessages(context, messages, { ...options, app });
      }
      const endpoint = required(options.endpoint, '--endpoint', 'Or name messages');
      const since = required(options.since, '--since', 'Write how far back to go, such as 2d');
      if (options.failed || options.missing)
        refuseOthers(options, filters, 'is neither for --failed nor for --missing');
      const { replayByFilter } = await import('./replay-by-filter.ts');
      return replayByFilter(context, { ...options, app, endpoint, since });
    });

function required(value: string | undefined, option: string, remedy: string): string {
  if (value !== undefined) return value;
  throw new CliError('usage', `${option} is missing`, { remedy });
}

function refuseOthers(options: ReplayOptions, names: readonly (keyof ReplayOptions)[], problem: string): void {
  const given = names.find((name) => (name === 'wait' ? !options.wait : options[name] !== undefined));
  if (given === undefined) return;
  const option = given === 'wait' ? 'no-wait' : given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError('usage', `--${option} ${problem}`, { remedy: seeHelp });
}
