import { pathOf } from '../../connection/connection.ts';
import { requireText } from '../../connection/not-posthorn.ts';
import { newKey, postOnce } from '../../connection/post-once.ts';
import type { Context } from '../../context.ts';
import { requireDuration } from '../../input/read-options.ts';
import { readTokenFacts } from '../../tokens/token-facts.ts';

export interface CreateOptions {
  readonly app: string;
  readonly expires?: string;
  readonly readOnly?: boolean;
  readonly capability?: readonly string[];
  readonly session?: string;
  readonly featureFlag?: readonly string[];
  readonly idempotencyKey?: string;
}

/** What the server takes. */
const expiryLimits = {
  least: { ms: 3_600_000, text: 'an hour' },
  most: { ms: 7 * 86_400_000, text: '7 days' },
};

/** Creates a token of an application. No other command prints one. */
export async function createToken(context: Context, options: CreateOptions): Promise<void> {
  const { app, expires, readOnly, capability, session, featureFlag, idempotencyKey: key = newKey() } = options;
  const body = {
    ...(expires !== undefined && { expiry: Math.round(requireDuration('--expires', expires, expiryLimits) / 1_000) }),
    ...(readOnly && { readOnly }),
    ...(capability && { capabilities: capability }),
    ...(session !== undefined && { sessionId: session }),
    ...(featureFlag && { featureFlags: featureFlag }),
  };
  const connection = await context.connect();
  const path = pathOf`/auth/app-portal-access/${app}`;
  const answer = await postOnce(connection, { path, body, key }, context.io);
  const { url, ...created } = answer.json<{ readonly token: string; readonly url: string }>();
  const token = requireText(created.token, connection.server);
  const { tokenId: id, expiresAt } = readTokenFacts(token);
  if (id !== undefined) context.note(`${id} is valid until ${expiresAt}`);
  await context.print({ id, expiresAt, token, url }, token);
}
