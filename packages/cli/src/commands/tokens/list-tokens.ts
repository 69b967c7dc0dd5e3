import { pathOf } from '../../connection/connection.ts';
import { readAll } from '../../connection/read-pages.ts';
import type { Context } from '../../context.ts';

interface ListedToken {
  readonly id: string;
  readonly sessionId: string | null;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly revoked: boolean;
}

/** Prints the tokens of an application that have not expired. */
export async function listTokens(context: Context, app: string): Promise<void> {
  const connection = await context.connect();
  const tokens = await readAll<ListedToken>(connection, pathOf`/auth/app/${app}/token`);
  if (tokens.length === 0) context.note(`No token of ${app} is listed. Those that were made elsewhere never are`);
  if (tokens.length > 0 || context.options().json) await context.print(tokens, tokens.map(toLine).join('\n'));
}

function toLine({ id, sessionId, issuedAt, expiresAt, revoked }: ListedToken): string {
  const end = revoked ? 'revoked' : `valid until ${expiresAt}`;
  return `${id}  issued ${issuedAt}  ${end}${sessionId === null ? '' : `  session ${sessionId}`}`;
}
