import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, sign, verify } from 'node:crypto';
import { UnusableData } from '../batch/unusable-data.ts';
import { sharedKeyBytes } from './secret-form.ts';

/** A key that messages are signed with: shared (HMAC-SHA256, `v1`) or a key pair (ed25519, `v1a`). */
export type SigningSecret =
  | { readonly kind: 'hmac'; readonly key: KeyObject }
  | { readonly kind: 'ed25519'; readonly privateKey: KeyObject };

/** A text that is no signing secret; says what is wrong, never the text. */
export class InvalidSigningSecret extends UnusableData {
  constructor(problem: string, options?: ErrorOptions) {
    super(`A signing secret is whsec_ or whsk_ with a key in base64: ${problem}`, options);
    this.name = 'InvalidSigningSecret';
  }
}

const sharedPrefix = 'whsec_';
const privatePrefix = 'whsk_';
const publicPrefix = 'whpk_';
const seedBytes = 32;
const keyPairBytes = 64;
/** The bytes before the 32 bytes of an ed25519 seed in PKCS #8 (RFC 8410). */
const privateKeyHeader = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new shared secret in its text form. @param entropy - 24 random bytes */
export const createSigningSecret = (entropy: Uint8Array): string =>
  sharedPrefix + Buffer.from(entropy).toString('base64');

/** A new key pair in its text form. @param seed - 32 random bytes */
export function createSigningKeyPair(seed: Uint8Array): string {
  const { x } = createPublicKey(privateKeyOf(seed)).export({ format: 'jwk' });
  if (x === undefined) throw new Error('the public key has no bytes');
  return privatePrefix + Buffer.concat([seed, Buffer.from(x, 'base64url')]).toString('base64');
}

/** Whether a secret is a key pair. */
export const isKeyPair = (text: string): boolean => text.startsWith(privatePrefix);

/**
 * Reads a secret from its text form.
 *
 * @throws InvalidSigningSecret
 */
export function parseSigningSecret(text: string): SigningSecret {
  if (text.startsWith(sharedPrefix)) return parseShared(decode(text.slice(sharedPrefix.length)));
  if (text.startsWith(privatePrefix)) return parseKeyPair(decode(text.slice(privatePrefix.length)));
  throw new InvalidSigningSecret('the prefix is neither');
}

/** What a receiver is given to verify with: the shared secret itself, or the public key of a pair. */
export function publicFormOf(text: string): string {
  if (!isKeyPair(text)) return text;
  return publicPrefix + decode(text.slice(privatePrefix.length)).subarray(seedBytes).toString('base64');
}

function decode(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  // Padded as verifiers expect it: some of them refuse anything else, and would only notice at their first message.
  if (bytes.toString('base64') !== base64) throw new InvalidSigningSecret('the key is not padded base64');
  return bytes;
}

function parseShared(key: Buffer): SigningSecret {
  const { least, most } = sharedKeyBytes;
  if (key.length < least || key.length > most)
    throw new InvalidSigningSecret(`a shared key has ${least} to ${most} bytes`);
  return { kind: 'hmac', key: createSecretKey(key) };
}

function parseKeyPair(pair: Buffer): SigningSecret {
  if (pair.length !== keyPairBytes) throw new InvalidSigningSecret('a key pair has 64 bytes: private, then public');
  const seed = pair.subarray(0, seedBytes);
  const privateKey = privateKeyOf(seed);
  const x = pair.subarray(seedBytes).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const trial = Buffer.from('trial');
  if (!verify(null, trial, publicKey, sign(null, trial, privateKey)))
    throw new InvalidSigningSecret('the public half does not belong to the private one');
  return { kind: 'ed25519', privateKey };
}

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([privateKeyHeader, seed]), format: 'der', type: 'pkcs8' });
