import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealContext } from '@posthorn/core';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
export const dataKeyBytes = 32;

/**
 * Encrypts values that must be readable later: the signing secrets and headers of an endpoint, bound to the endpoint,
 * and responses that contain them, bound to the request.
 */
export interface SecretBox {
  seal(text: string, context: SealContext): Promise<string>;
  /** @throws CannotOpen if it was changed or belongs to another context */
  open(sealed: string, context: SealContext): Promise<string>;
}

/** A sealed value cannot be opened: it was changed, or belongs to another endpoint, request or key. */
export class CannotOpen extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`a sealed value cannot be opened: ${problem}`, options);
    this.name = 'CannotOpen';
  }
}

/** The context of a sealed value as a text. Different contexts have different texts. */
export const textOfContext = (context: SealContext): string => JSON.stringify(partsOf(context));

const partsOf = (context: SealContext): readonly string[] =>
  'endpointId' in context
    ? [context.organisationId, context.endpointId]
    : [context.organisationId, 'request', context.requestKey];

/** A key of 32 bytes, and the text that the encrypted value is bound to. */
export interface Lock {
  readonly key: Uint8Array;
  readonly boundTo: string;
}

/** Encrypts with AES-256-GCM under a fresh iv. @returns base64 of iv, ciphertext and tag */
export function encrypt(bytes: Uint8Array, { key, boundTo }: Lock): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(boundTo));
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** @throws CannotOpen */
export function decrypt(sealed: string, { key, boundTo }: Lock): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < ivBytes + tagBytes) throw new CannotOpen('it is too short');
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes)).setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
  } catch (error) {
    throw new CannotOpen('it was changed, or belongs to another endpoint, request or key', { cause: error });
  }
}
