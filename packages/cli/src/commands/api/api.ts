import type { Command } from 'commander';
import type { Operation } from '../../connection/connection.ts';
import { toRefusal } from '../../connection/refusal.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { readBody } from '../../input/read-body.ts';
import { collect } from '../../input/read-options.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const examples = `
Examples:
  $ posthorn api GET /app --query limit=5
  $ posthorn api POST /app --body '{"name": "Acme", "uid": "acme"}'
  $ posthorn api PUT /app/acme --body @application.json --header 'idempotency-key: 1'`;

interface ApiOptions {
  readonly body?: string;
  readonly query?: readonly string[];
  readonly header?: readonly string[];
}

/** `posthorn api`: one request, and its answer as it came. */
export const addApi = (program: Command, context: Context): Command =>
  program
    .command('api')
    .description('Send one request to the API, and print the body of the answer as it came.')
    .argument('<method>', 'GET, POST, PUT, PATCH or DELETE')
    .argument('<path>', 'the path of the operation; /app means /api/v1/app')
    .option('--body <data>', 'the body: JSON, @FILE, or - for stdin')
    .option('--query <name=value>', 'a parameter of the query; can be repeated', collect)
    .option('--header <name: value>', 'a header; can be repeated', collect)
    .addHelpText('after', examples)
    .action((method: string, path: string, options: ApiOptions) => callApi(context, { method, path, ...options }));

interface ApiCall extends ApiOptions {
  readonly method: string;
  readonly path: string;
}

async function callApi(context: Context, { method, path, body, query = [], header = [] }: ApiCall): Promise<void> {
  const operation: Operation = {
    method: requireMethod(method),
    path,
    query: readQuery(query),
    headers: Object.fromEntries(header.map(readHeader)),
    ...(body !== undefined && { body: await readBody(body, context.io) }),
  };
  const connection = await context.connect();
  const answer = await connection.send(operation);
  await context.printRaw(answer.bytes);
  if (context.io.isTerminal.stdout && answer.bytes.length > 0 && !answer.text.endsWith('\n'))
    await context.printRaw('\n');
  if (answer.status < 200 || answer.status > 299) throw toRefusal(answer, `${operation.method} ${path}`);
}

function requireMethod(text: string): Operation['method'] {
  const method = methods.find((known) => known === text.toUpperCase());
  if (method === undefined)
    throw new CliError('usage', `${text} is no method`, { remedy: `Use one of ${methods.join(', ')}` });
  return method;
}

function readQuery(pairs: readonly string[]): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const pair of pairs) {
    const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) throw new CliError('usage', `--query ${pair}: must be NAME=VALUE`);
    query[name] = [...(query[name] ?? []), value];
  }
  return query;
}

/** These are this program's own. The token is never one of a command line: other users can read those. */
const ownHeaders = ['authorization', 'content-length', 'host', 'transfer-encoding', 'connection'];

function readHeader(text: string): readonly [string, string] {
  const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):\s*([\t\x20-\x7e]*)$/.exec(text) ?? [];
  if (name === undefined) throw new CliError('usage', '--header: must be NAME: VALUE, in ASCII');
  if (ownHeaders.includes(name.toLowerCase()))
    throw new CliError('usage', `--header ${name}: this header cannot be set`, {
      remedy: 'For the token, use posthorn login or POSTHORN_TOKEN',
    });
  return [name.toLowerCase(), value];
}
