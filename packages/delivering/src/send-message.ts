import {
  type AttemptResult,
  attemptHeaders,
  liveSecrets,
  type OpenSealed,
  openHeaders,
  parseSigningSecret,
} from '@posthorn/core';
import { rememberResults } from '@posthorn/core/memory/remember-results';
import type { SendRequest } from './attempt-deps.ts';

export interface SendMessageDeps {
  readonly open: OpenSealed;
  readonly send: (request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }) => Promise<AttemptResult>;
}

/** Reading a secret checks it, for a key pair by a signature. So secrets that were read are remembered. */
const maxReadSecrets = 1_000;

/** Signs a message with each valid secret of the endpoint and sends its body byte for byte. */
export const createSendMessage = ({ open, send }: SendMessageDeps) => {
  const readSecret = rememberResults(parseSigningSecret, maxReadSecrets);
  return async ({ message, endpoint, now }: SendRequest): Promise<AttemptResult> => {
    const keys = liveSecrets(endpoint.secrets, now).map(({ sealedKey }) => open(sealedKey, endpoint));
    const [opened, endpointHeaders] = await Promise.all([Promise.all(keys), openHeaders({ open }, endpoint)]);
    const headers = attemptHeaders({
      messageId: message.messageId,
      timestamp: Math.floor(now.getTime() / 1000),
      body: message.body,
      contentType: message.contentType,
      secrets: opened.map(readSecret),
      endpointHeaders,
    });
    return send({ url: endpoint.url, headers, body: message.body });
  };
};
