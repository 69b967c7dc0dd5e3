import type { Command } from 'commander';
import { checkToken, chosenProfile } from '../../connection/connect.ts';
import { readServerUrl } from '../../connection/server-url.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { readInput } from '../../input/read-input.ts';
import { profileFile, writeProfile } from '../../profiles/profile-file.ts';
import { toPlainText } from '../../terminal/plain-text.ts';
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
  const allowHttp = options.allowHttp === true;
  const text = options.server ?? (options.profile === undefined ? io.env.POSTHORN_URL : undefined);
  if (!text)
    throw new CliError('usage', 'The address of the server is missing', {
      code: 'no_server',
      remedy: 'Add --server URL',
    });
  const server = readServerUrl(text, { allowHttp });
  const token = checkToken(await readToken(context, server), 'Standard input');
  await checkWithServer(context, server, token);
  await writeProfile(io, profile, { server, token, allowHttp });
  const facts = readTokenFacts(token);
  await context.print(
    { profile, server, ...facts, file },
    `Logged in at ${server} with ${toPlainText(describeToken(facts))}.`,
  );
  context.note(`The token is in ${file}.`);
  if (io.env.POSTHORN_TOKEN) context.note('POSTHORN_TOKEN is set: commands use it instead, unless --profile is given.');
}

async function readToken({ io }: Context, server: string): Promise<string> {
  if (!io.isTerminal.stdin) return (await readInput(io.stdin, maxTokenBytes)).toString('utf8');
  if (canAsk(io)) return askSecret(io, `Token for ${server}: `);
  throw new CliError('usage', 'Nobody can be asked for the token', { remedy: 'Give it on standard input' });
}

/** Each token may list event types, also one that is restricted. */
async function checkWithServer(context: Context, server: string, token: string): Promise<void> {
  const connection = context.connectTo({ server, token, profile: undefined });
  const answer = await connection.call({ method: 'GET', path: '/event-type', query: { limit: 1 } });
  if (!isList(answer.text))
    throw new CliError('failed', `${server} is no server of Posthorn: it answered with something else`, {
      code: 'not_posthorn',
      remedy: 'Check the address of the server',
    });
}

function isList(text: string): boolean {
  try {
    return Array.isArray(Object(JSON.parse(text)).data);
  } catch {
    return false;
  }
}
