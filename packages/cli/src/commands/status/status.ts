import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { count } from '../../terminal/count.ts';
import { readTokenFacts } from '../../tokens/token-facts.ts';
import { type EndpointStatus, oldestOf, readEndpoints, type WaitingDelivery } from './read-endpoints.ts';
import { readHealth } from './read-health.ts';

const examples = `
Examples:
  $ posthorn status
  $ posthorn status --app acme --json

It looks at 50 applications and 100 endpoints at most, with three to seven requests for each endpoint.
"oldest that waits" is due now, or no attempt is planned; the first 1,000 planned ones are searched.
Name one application with --app if there are more.`;

/** `posthorn status`: health, what waits, and what has failed. */
export const addStatus = (program: Command, context: Context): Command =>
  program
    .command('status')
    .description('Print whether the server accepts messages, which endpoints fail, and what waits.')
    .option('--app <id>', 'only this application: its id or uid')
    .addHelpText('after', examples)
    .action(({ app }: { readonly app?: string }) => printStatus(context, app));

async function printStatus(context: Context, app: string | undefined): Promise<void> {
  const connection = await context.connect();
  const { server, token = '' } = connection;
  const { healthy, reason } = await readHealth(connection);
  if (!healthy) {
    await context.print({ server, healthy, reason }, `${server} accepts no messages. ${reason ?? ''}`);
    throw new CliError('unreachable', 'The server accepts no messages', {
      code: 'unhealthy',
      remedy: 'Try again later',
    });
  }
  const { endpoints, complete } = await readEndpoints(
    connection,
    app ?? readTokenFacts(token).applicationId,
    new Date(),
  );
  const status = {
    server,
    healthy,
    endpoints: endpoints.length,
    failing: endpoints.filter(({ failing }) => failing).length,
    disabled: endpoints.filter(({ disabled }) => disabled).length,
    deadLetters: endpoints.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
    moreDeadLetters: endpoints.some(({ moreDeadLetters }) => moreDeadLetters),
    oldestWaiting: oldestOf(endpoints.flatMap(({ oldestWaiting }) => oldestWaiting ?? [])),
    complete,
    troubled: endpoints.filter(({ failing, disabled, deadLetters }) => failing || disabled || deadLetters > 0),
  };
  await context.print(status, toText(status));
}

interface Status {
  readonly server: string;
  readonly endpoints: number;
  readonly failing: number;
  readonly disabled: number;
  readonly deadLetters: number;
  readonly moreDeadLetters: boolean;
  readonly oldestWaiting: WaitingDelivery | null;
  readonly complete: boolean;
  readonly troubled: readonly EndpointStatus[];
}

const toText = ({ server, troubled, oldestWaiting, complete, ...counts }: Status): string =>
  [
    `${server} accepts messages.`,
    `${count(counts.endpoints, 'endpoint')}: ${counts.failing} failing, ${counts.disabled} disabled, ` +
      deadLetterText(counts),
    oldestWaiting === null ? 'Nothing is overdue.' : waitingText(oldestWaiting),
    ...troubled.map(lineOf),
    ...(complete ? [] : ['There is more than was looked at: name an application with --app.']),
  ].join('\n');

const waitingText = ({ msgId, endpointId, reason, since, nextAttemptAt }: WaitingDelivery): string =>
  `Oldest that waits: ${msgId} for ${endpointId} (${reason}), since ${since}, ` +
  (nextAttemptAt === null ? 'no attempt is planned' : `next attempt ${nextAttemptAt}`);

type DeadLetters = Pick<EndpointStatus, 'deadLetters' | 'moreDeadLetters'>;

const deadLetterText = ({ deadLetters, moreDeadLetters }: DeadLetters): string =>
  moreDeadLetters ? `${deadLetters}+ dead letters` : count(deadLetters, 'dead letter');

function lineOf({ applicationId, endpointId, url, disabled, failing, ...dead }: EndpointStatus): string {
  const states = [
    ...(disabled ? ['disabled'] : []),
    ...(failing ? ['failing'] : []),
    ...(dead.deadLetters > 0 ? [deadLetterText(dead)] : []),
  ];
  return `  ${applicationId}  ${endpointId}  ${states.join(', ')}  ${url}`;
}
