import type { Connection } from './connection.ts';
import { notPosthorn } from './not-posthorn.ts';

/**
 * Asks a server whether it accepts the token. Each token may list event types, also one that is restricted.
 *
 * @throws CliError `notAllowed` if it does not; `failed` if the server is not Posthorn
 */
export async function checkTokenWithServer({ server, call }: Connection): Promise<void> {
  const answer = await call({ method: 'GET', path: '/event-type', query: { limit: 1 } });
  if (!Array.isArray(answer.json<{ readonly data?: unknown }>().data)) throw notPosthorn(server);
}
