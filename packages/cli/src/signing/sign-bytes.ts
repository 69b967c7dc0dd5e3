import { createHmac, sign } from 'node:crypto';
import { parseSigningSecret } from '@posthorn/core/signing/secret';

/** What is signed. The body is bytes: it may be no UTF-8. */
export interface SignedBytes {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/**
 * Signs a message as Posthorn does (Standard Webhooks 1.0): with `v1` for `whsec_…`, with `v1a` for `whsk_…`.
 *
 * @throws InvalidSigningSecret if the secret is neither
 * @example
 * signBytes({ id: 'msg_1', timestamp: 1614265330, body: Buffer.from('{}') }, 'whsec_…') // => 'v1,…'
 */
export function signBytes({ id, timestamp, body }: SignedBytes, secret: string): string {
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const key = parseSigningSecret(secret);
  switch (key.kind) {
    case 'hmac':
      return `v1,${createHmac('sha256', key.key).update(content).digest('base64')}`;
    case 'ed25519':
      return `v1a,${sign(null, content, key.privateKey).toString('base64')}`;
  }
}
