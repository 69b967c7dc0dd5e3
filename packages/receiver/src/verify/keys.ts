import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { WebhookError } from '../webhook-error.ts';
import { isPublicKey } from './ed25519-point.ts';

/** A key that can check the signatures of one version. The kind of the key decides which version that is. */
export interface VerifyingKey {
  readonly version: SignatureVersion;
  /** Prepares the check of signatures of one content. */
  readonly checkOf: (content: Buffer) => (signature: Buffer) => boolean;
}

export type SignatureVersion = 'v1' | 'v1a';

const sharedPrefix = 'whsec_';
const publicPrefix = 'whpk_';
const privatePrefix = 'whsk_';
/** Standard Webhooks asks for 24 to 64 bytes. Posthorn and Svix accept up to 75. */
const sharedKeyBytes = { least: 24, most: 75 } as const;
const publicKeyBytes = 32;

/**
 * One key or several. `undefined` is refused like a malformed key, so that a variable of the environment can be given as
 * it is.
 */
export type Keys = string | undefined | readonly (string | undefined)[];

/**
 * Reads the keys of a receiver.
 *
 * @throws WebhookError `key_invalid`, with the position of the wrong key and never its text
 */
export function readKeys(keys: Keys): readonly VerifyingKey[] {
  const texts: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  if (texts.length === 0) throw new WebhookError('key_invalid', 'A receiver needs a key.');
  return texts.map((text, index) => readKey(text, texts.length > 1 ? `Key ${index + 1}` : 'The key'));
}

function readKey(text: unknown, name: string): VerifyingKey {
  if (typeof text !== 'string')
    throw new WebhookError('key_invalid', `${name} is not a string. Is the variable of the environment set?`);
  if (text.startsWith(sharedPrefix)) return sharedKey(decode(text.slice(sharedPrefix.length), name), name);
  if (text.startsWith(publicPrefix)) return publicKey(decode(text.slice(publicPrefix.length), name), name);
  if (text.startsWith(privatePrefix))
    throw new WebhookError(
      'key_invalid',
      `${name} is the private key of the sender (whsk_). A receiver needs the public one (whpk_).`,
    );
  throw new WebhookError('key_invalid', `${name} begins with neither whsec_ nor whpk_.`);
}

function decode(base64: string, name: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new WebhookError('key_invalid', `${name} is not padded base64.`);
  return bytes;
}

function sharedKey(key: Buffer, name: string): VerifyingKey {
  const { least, most } = sharedKeyBytes;
  if (key.length < least || key.length > most)
    throw new WebhookError('key_invalid', `${name} has ${key.length} bytes. A shared key has ${least} to ${most}.`);
  return {
    version: 'v1',
    checkOf: (content) => {
      const expected = createHmac('sha256', key).update(content).digest();
      return (signature) => signature.length === expected.length && timingSafeEqual(signature, expected);
    },
  };
}

function publicKey(key: Buffer, name: string): VerifyingKey {
  if (key.length !== publicKeyBytes)
    throw new WebhookError(
      'key_invalid',
      `${name} has ${key.length} bytes. A public ed25519 key has ${publicKeyBytes}.`,
    );
  if (!isPublicKey(key)) throw new WebhookError('key_invalid', `${name} is not a public key of ed25519.`);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  const ed25519 = createPublicKey({ key: jwk, format: 'jwk' });
  return { version: 'v1a', checkOf: (content) => (signature) => verify(null, content, ed25519, signature) };
}
