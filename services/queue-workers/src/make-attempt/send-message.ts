import {
  type AttemptResult,
  attemptHeaders,
  type Endpoint,
  liveSecrets,
  type Message,
  parseSigningSecret,
  type SealContext,
} from '@posthorn/core';

export interface SendMessageDeps {
  readonly open: (sealed: string, context: SealContext) => Promise<string>;
  readonly send: (request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }) => Promise<AttemptResult>;
}

/** Signs a message with each of the endpoint's live secrets and sends it as it was accepted, byte for byte. */
export const createSendMessage =
  ({ open, send }: SendMessageDeps) =>
  async ({ message, endpoint, now }: { message: Message; endpoint: Endpoint; now: Date }): Promise<AttemptResult> => {
    const keys = liveSecrets(endpoint.secrets, now).map(({ sealedKey }) => open(sealedKey, endpoint));
    const [opened, endpointHeaders] = await Promise.all([Promise.all(keys), openHeaders(open, endpoint)]);
    const headers = attemptHeaders({
      messageId: message.messageId,
      timestamp: Math.floor(now.getTime() / 1000),
      body: message.body,
      contentType: message.contentType,
      secrets: opened.map(parseSigningSecret),
      endpointHeaders,
    });
    return send({ url: endpoint.url, headers, body: message.body });
  };

async function openHeaders(
  open: SendMessageDeps['open'],
  endpoint: Endpoint,
): Promise<Readonly<Record<string, string>>> {
  if (endpoint.sealedHeaders === undefined) return {};
  // Sealed by the API from a checked map of header name to value, and bound to this endpoint.
  return JSON.parse(await open(endpoint.sealedHeaders, endpoint)) as Readonly<Record<string, string>>;
}
