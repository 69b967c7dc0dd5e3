import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { secretHelp } from '../../signing/read-secrets.ts';
import type { SignOptions } from './sign-body.ts';

const examples = `
whsec_… signs with HMAC-SHA256 (v1), whsk_… with ed25519 (v1a). With several secrets there is a signature of each.
${secretHelp}

Examples:
  $ posthorn sign @order.json --secret-file secret.txt
  $ posthorn sign @order.json --secret-file secret.txt |
      curl http://localhost:3000/webhooks -H @- -H 'content-type: application/json' --data-binary @order.json`;

/** `posthorn sign`: the headers that a body is sent with. */
export const addSign = (program: Command, context: Context): Command =>
  program
    .command('sign')
    .description('Sign a body as Posthorn does, and print the headers. Nothing is sent.')
    .argument('[body]', 'the body: text, @FILE, or - for stdin', '-')
    .option('--secret-file <file>', 'the file of the signing secret; - for stdin')
    .option('--id <id>', 'the id of the message (default: a new one)')
    .option('--timestamp <seconds>', 'the time, in seconds since 1970 (default: now)')
    .addHelpText('after', examples)
    .action(async (body: string, options: SignOptions) => {
      const { signBody } = await import('./sign-body.ts');
      await signBody(context, body, options);
    });
