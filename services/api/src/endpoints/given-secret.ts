import {
  createSigningKeyPair,
  createSigningSecret,
  InvalidSigningSecret,
  parseSigningSecret,
} from '@posthorn/core/signing/secret';
import { invalidField } from '../http/refusals.ts';
import type { RandomBytes } from '../storing/random-bytes.ts';

const sharedKeyBytes = 24;
const seedBytes = 32;

/** A random shared secret. */
export const randomSecret = (randomBytes: RandomBytes): string => createSigningSecret(randomBytes(sharedKeyBytes));

/** A random key pair. */
export const randomKeyPair = (randomBytes: RandomBytes): string => createSigningKeyPair(randomBytes(seedBytes));

/**
 * Returns a secret of a request if it is valid.
 *
 * @param loc - its place in the request
 * @throws ValidationError if it is not valid
 */
export function readSecret(text: string, loc: readonly string[]): string {
  try {
    parseSigningSecret(text);
    return text;
  } catch (cause) {
    if (cause instanceof InvalidSigningSecret) throw invalidField(loc, cause.message);
    throw cause;
  }
}
