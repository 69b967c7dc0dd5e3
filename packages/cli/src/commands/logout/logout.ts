import type { Command } from 'commander';
import { chosenProfile } from '../../connection/connect.ts';
import { notPosthorn } from '../../connection/not-posthorn.ts';
import { toRefusal } from '../../connection/refusal.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { type Profile, readProfile, removeProfile } from '../../profiles/profile-file.ts';

const examples = `
Examples:
  $ posthorn logout
  $ posthorn logout --profile staging --revoke`;

/** `posthorn logout`: forgets a login. */
export const addLogout = (program: Command, context: Context): Command =>
  program
    .command('logout')
    .description('Forget a login. The token stays valid, unless it is revoked.')
    .option('--revoke', "revoke the token first; only an application's token can do this")
    .addHelpText('after', examples)
    .action(({ revoke = false }: { readonly revoke?: boolean }) => logOut(context, revoke));

async function logOut(context: Context, isToRevoke: boolean): Promise<void> {
  const { io } = context;
  const name = chosenProfile(context.options(), io);
  const profile = isToRevoke ? await readProfile(io, name) : undefined;
  const revoked = profile !== undefined && (await revoke(context, name, profile));
  const removed = await removeProfile(io, name);
  const text = removed ? `Logged out: the login ${name} is gone.` : `There was no login ${name}.`;
  await context.print({ profile: name, removed, revoked }, revoked ? `${text} Its token was revoked.` : text);
}

/** Returns false if the server does not accept the token any more: then there is nothing to revoke. */
async function revoke(context: Context, profile: string, { server, token }: Profile): Promise<boolean> {
  const connection = context.connectTo({ server, token, profile });
  const answer = await connection.send({ method: 'POST', path: '/auth/logout' });
  if (answer.status === 401) return false;
  if (answer.status === 204) return true;
  if (answer.status === 200) throw notPosthorn(server);
  const { kind, message, requestId } = toRefusal(answer, 'POST /auth/logout');
  throw new CliError(kind, `The token was not revoked. ${message}`, {
    requestId,
    remedy: 'Log out without --revoke',
  });
}
