import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { toMessageText, toRawMessageText } from '../../payload/message-text.ts';
import { addMessageOptions, type MessageOptions } from './message-options.ts';

const examples = `
The bytes of the payload are kept: numbers above 2^53, white space and the order of names. Only
white space before and after the object is left out. Without a payload, it is {}.

--wait ends when each endpoint has accepted the message, or gets it no more (failed: its retries
are exhausted; canceled, disabled, gone, or blocked at a destination). Retries go on for a day by
default, so --timeout mostly decides. Exit code 1: an endpoint did not accept it, or the time is
over. 0: all have accepted, or no endpoint gets this event type.

Examples:
  $ posthorn send order.paid '{"id": 12345678901234567890}' --app acme
  $ posthorn send order.paid @order.json --app acme --wait --timeout 30s
  $ echo Hello | posthorn send note.written - --app acme --content-type text/plain`;

interface SendOptions extends MessageOptions {
  readonly contentType?: string;
}

/** `posthorn send`: one message. */
export const addSend = (program: Command, context: Context): Command =>
  addMessageOptions(
    program
      .command('send')
      .description('Send a message, and print its id.')
      .argument('<type>', 'the event type')
      .argument('[payload]', 'a JSON object, @FILE, or - for stdin', '{}'),
  )
    .option('--content-type <type>', 'send any text as it is, with this media type, instead of a JSON object')
    .addHelpText('after', examples)
    .action(async (eventType: string, payload: string, options: SendOptions) => {
      const { readPayload, readText } = await import('../../payload/read-payload.ts');
      const { sendMessage } = await import('./send-message.ts');
      const { contentType } = options;
      const text = await (contentType === undefined ? readPayload : readText)(payload, context.io);
      const write = (fields: Readonly<Record<string, unknown>>) =>
        contentType === undefined ? toMessageText(fields, text) : toRawMessageText(fields, text, contentType);
      await sendMessage(context, { eventType, write, options });
    });
