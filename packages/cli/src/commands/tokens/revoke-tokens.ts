import { pathOf } from '../../connection/connection.ts';
import { newKey, postOnce } from '../../connection/post-once.ts';
import { toRefusal } from '../../connection/refusal.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';

export interface RevokeOptions {
  readonly app: string;
  readonly all?: boolean;
  readonly session?: readonly string[];
  readonly yes?: boolean;
}

/** Ends a token, or several. @throws CliError `failed` if there is no such token */
export async function revokeTokens(context: Context, id: string | undefined, options: RevokeOptions): Promise<void> {
  const { app, all = false, session } = options;
  if ((id === undefined) !== all)
    throw new CliError('usage', all ? 'Both an id and --all are given' : 'Neither an id nor --all is given', {
      remedy: 'See the ids with posthorn tokens list --app APP',
    });
  if (session && !all) throw new CliError('usage', '--session is for --all', { remedy: 'Add --all' });
  const connection = await context.connect();
  if (id !== undefined) {
    const answer = await connection.send({ method: 'DELETE', path: pathOf`/auth/app/${app}/token/${id}` });
    if (answer.status === 404) throw new CliError('failed', `There is no token ${id} of ${app}`, notListed);
    if (answer.status !== 204) throw toRefusal(answer, `revoking ${id}`);
    return context.print({ revoked: id }, `revoked ${id}`);
  }
  const which = session ? `All tokens of ${app} of the session ${session.join(', ')}` : `All tokens of ${app}`;
  await context.confirm(`${which} will end at once. Revoke them?`, options.yes === true);
  const body = session ? { sessionIds: session } : {};
  await postOnce(connection, { path: pathOf`/auth/app/${app}/expire-all`, body, key: newKey() }, context.io);
  await context.print({ revoked: 'all', app, ...(session && { sessions: session }) }, `revoked: ${which}`);
}

const notListed = {
  code: 'not_found',
  remedy: 'See the ids with posthorn tokens list. A token that was made elsewhere is ended with: run token revoke ID',
};
