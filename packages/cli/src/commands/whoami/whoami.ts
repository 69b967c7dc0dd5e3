import type { Command } from 'commander';
import { checkTokenWithServer } from '../../connection/check-token.ts';
import { pathOf } from '../../connection/connection.ts';
import type { Context } from '../../context.ts';
import { describeToken, readTokenFacts, type TokenFacts } from '../../tokens/token-facts.ts';

const examples = `
Examples:
  $ posthorn whoami
  $ posthorn whoami --profile staging --json`;

/** `posthorn whoami`: the server, and what the token is. */
export const addWhoami = (program: Command, context: Context): Command =>
  program
    .command('whoami')
    .description('Print which server and token the commands use, and what the token may do. The token is not printed.')
    .addHelpText('after', examples)
    .action(() => whoAmI(context));

/** An application, as far as it is shown here. */
interface ApplicationOut {
  readonly id: string;
  readonly uid?: string | null;
  readonly name: string;
}

async function whoAmI(context: Context): Promise<void> {
  const connection = await context.connect();
  const { server, profile, token = '', call } = connection;
  const facts = readTokenFacts(token);
  await checkTokenWithServer(connection);
  const { applicationId } = facts;
  const found =
    applicationId && (await call({ method: 'GET', path: pathOf`/app/${applicationId}` })).json<ApplicationOut>();
  const application = found ? { id: found.id, uid: found.uid ?? undefined, name: found.name } : undefined;
  const source = profile === undefined ? 'POSTHORN_TOKEN' : `profile ${profile}`;
  await context.print(
    { server, profile: profile ?? null, ...facts, application },
    toText({ server, source, facts, application }),
  );
}

interface Identity {
  readonly server: string;
  readonly source: string;
  readonly facts: TokenFacts;
  readonly application: { readonly name: string } | undefined;
}

const toText = ({ server, source, facts, application }: Identity): string =>
  [
    `server       ${server}`,
    `token        ${describeToken(facts)}`,
    ...(application ? [`application  ${application.name}`] : []),
    `valid until  ${facts.expiresAt ?? (facts.kind === 'unknown' ? 'unknown' : 'it is revoked')}`,
    `from         ${source}`,
  ].join('\n');
