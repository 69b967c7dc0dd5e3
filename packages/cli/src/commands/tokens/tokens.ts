import { capabilities } from '@posthorn/core/token/capability';
import { type Command, Option } from 'commander';
import type { Context } from '../../context.ts';
import { collect } from '../../input/read-options.ts';
import type { CreateOptions } from './create-token.ts';
import type { RevokeOptions } from './revoke-tokens.ts';

const ofOrganisation = `
These are tokens of an application, for its owner or a portal. Those of an organisation are made
on the server's machine: npx pnpm@12 -s run token`;

const createExamples = `
The token is printed alone on stdout, and never again. It can be for a portal too: with --json,
"url" leads there.
${ofOrganisation}

Examples:
  $ posthorn tokens create --app acme --expires 1h
  $ posthorn tokens create --app acme --read-only --session user-17
  $ posthorn tokens create --app acme --capability ViewBase --capability CreateAttempts`;

const revokeExamples = `
Examples:
  $ posthorn tokens revoke tok_2tYv8N0eBq5gVxk3Xz1bA9cDfGh --app acme
  $ posthorn tokens revoke --all --session user-17 --app acme --yes`;

const appOption = ['--app <app>', 'the application: its id or uid'] as const;

/** `posthorn tokens`: the tokens of an application. */
export function addTokens(program: Command, context: Context): Command {
  const tokens = program
    .command('tokens')
    .description('Create, list and revoke the tokens of an application.')
    .addHelpText('after', ofOrganisation);
  addCreate(tokens, context);
  addList(tokens, context);
  addRevoke(tokens, context);
  return tokens;
}

const addCreate = (tokens: Command, context: Context): Command =>
  tokens
    .command('create')
    .description('Create a token, and print it.')
    .requiredOption(...appOption)
    .option('--expires <duration>', 'how long it is valid: 1h to 7d (default: 7d)')
    .option('--read-only', 'it may only read, and sees no secrets')
    .addOption(
      new Option('--capability <name>', `it may only do this; can be repeated (${capabilities.join(', ')})`).argParser(
        collect,
      ),
    )
    .option('--session <name>', 'a name of yours: the tokens of a session can be revoked together')
    .option('--feature-flag <flag>', 'it sees event types with this flag, too; can be repeated', collect)
    .option('--idempotency-key <key>', 'repeat a request whose outcome is unknown: a key makes one token')
    .addHelpText('after', createExamples)
    .action(async (options: CreateOptions) => {
      const { createToken } = await import('./create-token.ts');
      await createToken(context, options);
    });

const addList = (tokens: Command, context: Context): Command =>
  tokens
    .command('list')
    .description('List the tokens that have not expired: their ids and times, never the tokens.')
    .requiredOption(...appOption)
    .addHelpText('after', '\nExample:\n  $ posthorn tokens list --app acme --json')
    .action(async ({ app }: { readonly app: string }) => {
      const { listTokens } = await import('./list-tokens.ts');
      await listTokens(context, app);
    });

const addRevoke = (tokens: Command, context: Context): Command =>
  tokens
    .command('revoke')
    .description('End a token, or all tokens of the application.')
    .argument('[id]', 'the id of the token, from the list')
    .requiredOption(...appOption)
    .option('--all', 'all tokens of the application, or of --session')
    .option('--session <name>', 'with --all: only those of this session; can be repeated', collect)
    .option('--yes', 'do not ask')
    .addHelpText('after', revokeExamples)
    .action(async (id: string | undefined, options: RevokeOptions) => {
      const { revokeTokens } = await import('./revoke-tokens.ts');
      await revokeTokens(context, id, options);
    });
