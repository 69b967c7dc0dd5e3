import type { Command } from 'commander';
import { checkTokenWithServer } from '../../connection/check-token.ts';
import { allowsHttp, checkToken, chosenProfile, namedServer } from '../../connection/connect.ts';
import { readServerUrl } from '../../connection/server-url.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { readInput } from '../../input/read-input.ts';
import { profileFile, writeProfile } from '../../profiles/profile-file.ts';
import { askSecret, canAsk } from '../../terminal/prompt.ts';
import { describeToken, readTokenFacts } from '../../tokens/token-facts.ts';

const examples = `
Examples:
  $ posthorn login --server https://posthorn.example.com
  $ posthorn login --server https://posthorn.example.com --profile staging < token.txt

The token is asked for, or read from standard input. It is never an argument: other users of a machine
can read those. It is kept in a file that only you can read.`;

const maxTokenBytes = 16_384;

/** `posthorn login`: keeps a server and a token for it, once the server has accepted the token. */
export const addLogin = (program: Command, context: Context): Command =>
  program
    .command('login')
    .description('Keep a token for a server, after the server has accepted it.')
    .addHelpText('after', examples)
    .action(() => logIn(context));

async function logIn(context: Context): Promise<void> {
  const { io } = context;
  const options = context.options();
  const profile = chosenProfile(options, io);
  const file = profileFile(io, profile);
  const address = namedServer(options, io);
  if (address === undefined)
    throw new CliError('usage', 'The address of the server is missing', {
      code: 'no_server',
      remedy: 'Add --server URL',
    });
  const server = readServerUrl(address, { allowHttp: allowsHttp(options, io) });
  const token = checkToken(await readToken(context, server), 'Standard input', 'usage');
  await checkTokenWithServer(context.connectTo({ server, token, profile: undefined }));
  // The variable allows it where it is set, and no longer.
  await writeProfile(io, profile, { server, token, allowHttp: options.allowHttp === true });
  const facts = readTokenFacts(token);
  await context.print({ profile, server, ...facts, file }, `Logged in at ${server} with ${describeToken(facts)}.`);
  context.note(`The token is in ${file}.`);
  if (io.env.POSTHORN_TOKEN) context.note('POSTHORN_TOKEN is set: commands use it instead, unless --profile is given.');
}

async function readToken({ io }: Context, server: string): Promise<string> {
  if (!io.isTerminal.stdin) return (await readInput(io.stdin, maxTokenBytes)).toString('utf8');
  if (canAsk(io)) return askSecret(io, `Token for ${server}: `);
  throw new CliError('usage', 'Nobody can be asked for the token', { remedy: 'Give it on standard input' });
}
