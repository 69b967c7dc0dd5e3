import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { collect } from '../../input/read-options.ts';
import { secretHelp } from '../../signing/read-secrets.ts';
import type { VerifyCommandOptions } from './verify-request.ts';

const examples = `
The key is a shared secret (whsec_, for v1) or a public key (whpk_, for v1a). Exit code 1: it does
not verify, and stderr says why, with what the sender may have signed instead: another layout of
the JSON, another line break, another time.
${secretHelp}

Examples:
  $ posthorn verify @body.json --headers headers.txt --secret-file secret.txt
  $ posthorn verify @body.json -H 'webhook-id: msg_1' -H 'webhook-timestamp: 1767225600' -H 'webhook-signature: v1,…'
  $ posthorn verify @body.json --headers headers.txt --ignore-time`;

/** `posthorn verify`: whether a request is signed, and if not, why. */
export const addVerify = (program: Command, context: Context): Command =>
  program
    .command('verify')
    .description('Verify the signature of a request that was received. Nothing is sent.')
    .argument('[body]', 'the body: text, @FILE, or - for stdin', '-')
    .option('--secret-file <file>', 'the file of the key, or of several; - for stdin')
    .option('--headers <file>', 'a file with the headers: lines "name: value", or a JSON object')
    .option('-H, --header <name: value>', 'a header; can be repeated', collect)
    .option('--tolerance <duration>', 'how far its time may be from now', '5m')
    .option('--ignore-time', 'accept any time, such as of a request that was stored')
    .addHelpText('after', examples)
    .action(async (body: string, options: VerifyCommandOptions) => {
      const { verifyRequest } = await import('./verify-request.ts');
      await verifyRequest(context, body, options);
    });
