import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { readNames } from '../../input/read-options.ts';
import type { TailArguments } from './tail-options.ts';

const description = [
  'Print the attempts of an application as they are made: each request to an endpoint, and its outcome.',
  '',
  'It reads each endpoint every 2 s when it is quiet, and every 250 ms while attempts are made.',
  'With more than 50 endpoints, a round takes 40 ms for each: name one with --endpoint.',
].join('\n');

const examples = `
Examples:
  $ posthorn tail --app acme
  $ posthorn tail --app acme --endpoint ep_… --status fail --since 1h
  $ posthorn tail --app acme --code 5xx --json`;

/** `posthorn tail`: what is sent to endpoints, as it happens. */
export const addTail = (program: Command, context: Context): Command =>
  program
    .command('tail')
    .description(description)
    .summary('Print the attempts of an application as they are made.')
    .requiredOption('--app <app>', 'the application: its id or uid')
    .option('--endpoint <endpoint>', 'only attempts at this endpoint or destination: its id or uid')
    .option('--events <types>', 'only these event types, with commas between them', readNames)
    .option('--status <status>', 'only attempts with this outcome: success, fail or canceled')
    .option('--code <class>', 'only attempts whose answer had such a status: 2xx, 3xx, 4xx, 5xx, or none')
    .option('--since <time>', 'begin with what was made since then: 10m, 2h, 2026-01-31T12:00:00Z')
    .addHelpText('after', examples)
    .action(async (given: TailArguments) => {
      const { tail } = await import('./run-tail.ts');
      await tail(context, given);
    });
