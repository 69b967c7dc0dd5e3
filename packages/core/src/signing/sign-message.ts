import { createHmac, sign } from 'node:crypto';
import type { SigningSecret } from './secret.ts';

/** What is signed: the message's id, the attempt's time and the body, byte for byte. */
export interface SignedContent {
  readonly messageId: string;
  /** Seconds since 1970, of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Signs a message for one endpoint, once per live secret (Standard Webhooks 1.0).
 *
 * During a rotation an endpoint holds two secrets, so the header carries two signatures and the receiver accepts either.
 *
 * @example
 * signMessage({ messageId: 'msg_1', timestamp: 1614265330, body: '{}' }, secrets) // => 'v1,<new> v1,<old>'
 */
export function signMessage(content: SignedContent, secrets: readonly SigningSecret[]): string {
  const text = `${content.messageId}.${content.timestamp}.${content.body}`;
  return secrets.map((secret) => signText(text, secret)).join(' ');
}

function signText(text: string, secret: SigningSecret): string {
  switch (secret.kind) {
    case 'hmac':
      return `v1,${createHmac('sha256', secret.key).update(text).digest('base64')}`;
    case 'ed25519':
      return `v1a,${sign(null, Buffer.from(text), secret.privateKey).toString('base64')}`;
  }
}

/** The secrets that sign at a time: the current one, then older ones until their rotation is over. */
export const liveSecrets = <Secret extends { readonly expiresAt?: Date }>(
  secrets: readonly Secret[],
  now: Date,
): readonly Secret[] => secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
