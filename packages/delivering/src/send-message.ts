import {
  type AttemptResult,
  attemptHeaders,
  type Clock,
  liveSecrets,
  type OpenSealed,
  openHeaders,
  parseSigningSecret,
  type Transform,
} from '@posthorn/core';
import { rememberResults } from '@posthorn/core/memory/remember-results';
import type { SendRequest } from './attempt-deps.ts';
import { createTransformMessage } from './transform-message.ts';

export interface SendMessageDeps {
  readonly open: OpenSealed;
  readonly clock: Clock;
  /** Runs the code of endpoints that have one. */
  readonly transform: Transform;
  readonly send: (request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }) => Promise<AttemptResult>;
}

/** Reading a secret checks it, for a key pair by a signature. So secrets that were read are remembered. */
const maxReadSecrets = 1_000;

/**
 * Signs a message with each valid secret of the endpoint and sends its body byte for byte, or what the code of the
 * endpoint's owner makes of it.
 */
export const createSendMessage = ({ open, transform, send, clock }: SendMessageDeps) => {
  const transformMessage = createTransformMessage({ open, transform });
  const readSecret = rememberResults(parseSigningSecret, maxReadSecrets);
  return async ({ message, endpoint, now }: SendRequest): Promise<AttemptResult> => {
    const keys = liveSecrets(endpoint.secrets, now).map(({ sealedKey }) => open(sealedKey, endpoint));
    const [opened, ownHeaders] = await Promise.all([Promise.all(keys), openHeaders({ open }, endpoint)]);
    const transformed = await transformMessage(message, endpoint, ownHeaders);
    // Code may have waited for its turn. Receivers refuse a signature that is too old.
    const attemptedAt = endpoint.transformation?.enabled ? clock() : now;
    if ('result' in transformed) return { ...transformed.result, attemptedAt };
    const { method, url, body, headers: endpointHeaders } = transformed.outgoing;
    const headers = attemptHeaders({
      messageId: message.messageId,
      timestamp: Math.floor(attemptedAt.getTime() / 1000),
      body,
      contentType: message.contentType,
      secrets: opened.map(readSecret),
      endpointHeaders,
    });
    const result = await send({ method, url, headers, body });
    return { ...result, ...(url !== endpoint.url && { url }), attemptedAt };
  };
};
