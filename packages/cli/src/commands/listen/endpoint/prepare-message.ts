import type { SigningSecret } from '@posthorn/core/signing/secret';
import type { PolledMessage } from '../messages/read-poll-answer.ts';
import type { Prepared } from '../signing/prepared.ts';
import type { Transformer } from '../transformation/create-transformer.ts';
import type { EndpointSettings } from './endpoint-settings.ts';

/** What a message is sent as without an endpoint. */
export const prepareAsSent = ({ body }: PolledMessage, secret: SigningSecret): Prepared => ({
  kind: 'ready',
  outgoing: { method: 'POST', body, headers: {} },
  secret,
});

/** What the endpoint would get: with its headers, and changed by its transformation. */
export async function prepareAsEndpoint(
  message: PolledMessage,
  { url, headers, transformation }: Pick<EndpointSettings, 'url' | 'headers' | 'transformation'>,
  { secret, transformer }: { readonly secret: SigningSecret; readonly transformer: Transformer },
): Promise<Prepared> {
  const { body, contentType, eventType } = message;
  if (transformation === undefined) return { kind: 'ready', outgoing: { method: 'POST', body, headers }, secret };
  const changed = await transformer.transform({
    ...transformation,
    message: { body, contentType, eventType },
    endpoint: { url, headers },
  });
  if (changed.kind !== 'ready') return changed;
  const outgoing = { method: changed.method, body: changed.body, headers: changed.headers };
  return { kind: 'ready', outgoing, secret, ...(changed.url !== url && { url: withoutCredentials(changed.url) }) };
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  [url.username, url.password] = ['', ''];
  return url.href;
}
