import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { readNames, requireCount } from '../../input/read-options.ts';
import { type ListenArguments, readTimeout } from './listen-options.ts';

const description = [
  'Forward the messages of an application to a program on this machine, as deliveries would come.',
  '',
  'It polls, and deliveries to endpoints go on as they do. For 30 days after the last poll,',
  'the server keeps the messages of the application in order, and writes a log of their ids.',
  'Messages are sent one after the other. While the target takes no connections, they wait.',
  'If the target answers with another status than 2xx, that is shown, and the next message follows:',
  'press r to send the last one again, or use --retry.',
  '',
  'Keys are taken in the foreground of a terminal only. q and Ctrl-D end it once the target has',
  'answered, and so does Ctrl-C, with exit code 130. A second one of them ends it at once, with 130.',
].join('\n');

const examples = `
Examples:
  $ posthorn listen --app acme --forward-to http://localhost:3000/webhooks
  $ posthorn listen --app acme --forward-to http://localhost:3000/webhooks --events order.paid,order.sent --since 10m
  $ posthorn listen --app acme --forward-to http://localhost:3000/webhooks --endpoint ep_… --json
  $ posthorn listen --app acme --forward-to http://localhost:3000/webhooks --exit-after 1 --timeout 30s

--since reads older messages from the message list, as far back as the server keeps them, and goes on with new ones.
From before the first poll of the application, payloads that are {}, no JSON object, {"expired":true} or not stored
any more are left out, because the list does not tell them apart: a notice has their count. Examples that were sent
to one endpoint come too, and scheduled messages come at once: deliverAt says when endpoints get them. --resume
repeats none of it, unless the server was more than ten minutes late with its log, or accepted more than 10,000
messages around the start.`;

/** `posthorn listen`: the messages of an application, on the developer's machine. */
export const addListen = (program: Command, context: Context): Command =>
  program
    .command('listen')
    .description(description)
    .summary('Forward the messages of an application to a program on this machine.')
    .requiredOption('--forward-to <url>', 'where to post the messages: a URL on this machine')
    .requiredOption('--app <app>', 'the application: its id or uid')
    .option('--endpoint <endpoint>', 'send as to this endpoint: its filters, headers, transformation and secret')
    .option('--events <types>', 'only these event types, with commas between them', readNames)
    .option('--since <time>', 'begin with what was accepted since then: 10m, 2h, 2026-01-31T12:00:00Z')
    .option('--resume', 'go on where the last listen with the same server, application, target and endpoint was')
    .option('--retry', 'repeat each message until the target accepts it; the others wait')
    .option('--exit-after <count>', 'end after so many messages; fails if one was not accepted', (text) =>
      requireCount('--exit-after', text),
    )
    .option('--timeout <time>', 'with --exit-after: fail if they have not come by then: 30s', readTimeout)
    .option('--allow-external', 'forward to another machine')
    .option('--insecure', 'accept any certificate of the target, which must be on this machine')
    .addHelpText('after', examples)
    .action(async (given: ListenArguments) => {
      const { listen } = await import('./run-listen.ts');
      await listen(context, given);
    });
