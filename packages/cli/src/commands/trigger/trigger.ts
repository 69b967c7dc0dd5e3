import type { Command } from 'commander';
import { Option } from 'commander';
import type { Context } from '../../context.ts';
import { addMessageOptions } from '../send/message-options.ts';
import type { TriggerOptions } from './trigger-example.ts';

const examples = `
The payload is an example of the event type's newest schema: one of its "examples", or its "example". If it has neither,
one is made from the schema: types, required members, limits and formats are kept, patterns are not.

With --endpoint the server sends its own example to that endpoint only, whatever its filters. It makes none: the schema
must have examples.

Examples:
  $ posthorn trigger order.paid --app acme --wait
  $ posthorn trigger order.paid --app acme --dry-run
  $ posthorn trigger order.paid --app acme --endpoint ep_2tYv8N0eBq5gVxk3Xz1bA9cDfGh`;

/** `posthorn trigger`: a message with an example as its payload. */
export const addTrigger = (program: Command, context: Context): Command =>
  addMessageOptions(
    program
      .command('trigger')
      .description('Send an example of an event type, and print the id of the message.')
      .argument('<type>', 'the event type'),
  )
    .option('--example <index>', 'which of the examples, from 0')
    .addOption(
      new Option('--endpoint <endpoint>', 'send it to this endpoint only').conflicts([
        'dryRun',
        'channel',
        'tag',
        'eventId',
        'deliverAt',
      ]),
    )
    .option('--dry-run', 'print the payload, and send nothing')
    .addHelpText('after', examples)
    .action(async (eventType: string, options: TriggerOptions) => {
      const { triggerExample } = await import('./trigger-example.ts');
      await triggerExample(context, eventType, options);
    });
