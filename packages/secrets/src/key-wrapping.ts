import { callTimeLimit } from '@posthorn/aws-calls/call-time-limit';
import { connectionSettings } from '@posthorn/aws-calls/connection-settings';
import type { SealContext } from '@posthorn/core';
import { keyCallLimits } from './key-call-limits.ts';
import { CannotOpen } from './sealing.ts';

/** A key for one value: in plain text for use now, and wrapped for storage beside the value. */
export interface DataKey {
  readonly key: Uint8Array;
  readonly wrapped: string;
}

/** Creates and unwraps data keys with a master key that never leaves its service. */
export interface KeyWrapping {
  createDataKey(context: SealContext): Promise<DataKey>;
  unwrap(wrapped: string, context: SealContext): Promise<Uint8Array>;
}

/** Wraps keys with AWS KMS. The context becomes the encryption context, so AWS's log shows what a key was used for. */
export function createKmsWrapping(keyId: string): KeyWrapping {
  const load = async () => {
    // Loaded on first use, so that functions which open nothing start faster.
    const { DecryptCommand, GenerateDataKeyCommand, KMSClient } = await import('@aws-sdk/client-kms');
    const client = new KMSClient({ requestHandler: connectionSettings(keyCallLimits) });
    client.middlewareStack.use(callTimeLimit(keyCallLimits));
    return { client, DecryptCommand, GenerateDataKeyCommand };
  };
  let kms: ReturnType<typeof load> | undefined;
  const loaded = () => {
    kms ??= load();
    return kms;
  };
  return {
    async createDataKey(context) {
      const { client, GenerateDataKeyCommand } = await loaded();
      const EncryptionContext = encryptionContext(context);
      const answer = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext }),
      );
      if (!answer.Plaintext || !answer.CiphertextBlob) throw new Error('the response of KMS has no data key');
      return { key: answer.Plaintext, wrapped: Buffer.from(answer.CiphertextBlob).toString('base64') };
    },
    async unwrap(wrapped, context) {
      const { client, DecryptCommand } = await loaded();
      const CiphertextBlob = Buffer.from(wrapped, 'base64');
      const EncryptionContext = encryptionContext(context);
      const command = new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: keyId });
      const { Plaintext } = await client.send(command).catch(refuseToOpen);
      if (!Plaintext) throw new Error('the response of KMS has no key');
      return Plaintext;
    },
  };
}

/** KMS responds with these errors if a key was changed, or was wrapped with another context or master key. */
const wrongKeyNames: ReadonlySet<string> = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

function refuseToOpen(error: unknown): never {
  if (!(error instanceof Error) || !wrongKeyNames.has(error.name)) throw error;
  throw new CannotOpen('its key was changed, or belongs to another endpoint, request or key', { cause: error });
}

const encryptionContext = (context: SealContext) =>
  'endpointId' in context
    ? { organisationId: context.organisationId, endpointId: context.endpointId }
    : { organisationId: context.organisationId, requestKey: context.requestKey };

const maxCachedKeys = 1_000;
const cachedForMs = 5 * 60 * 1_000;

/**
 * Caches the thousand most recently used keys for five minutes, so that a warm worker does not call KMS at every
 * attempt. So a worker can still open values for some minutes after KMS has refused access.
 *
 * @param now - returns the current time in milliseconds
 */
export function withKeyCache(wrapping: KeyWrapping, now: () => number, maxKeys = maxCachedKeys): KeyWrapping {
  const cache = new Map<string, { readonly key: Promise<Uint8Array>; readonly until: number }>();
  const nameOf = (wrapped: string, context: SealContext) => JSON.stringify([wrapped, encryptionContext(context)]);
  return {
    createDataKey: wrapping.createDataKey,
    unwrap(wrapped, context) {
      const name = nameOf(wrapped, context);
      const cached = cache.get(name);
      const entry =
        cached && cached.until > now()
          ? cached
          : { key: wrapping.unwrap(wrapped, context), until: now() + cachedForMs };
      // Moves the entry to the end: the map is ordered by last use.
      cache.delete(name);
      cache.set(name, entry);
      for (const oldest of cache.keys()) {
        if (cache.size <= maxKeys) break;
        cache.delete(oldest);
      }
      if (entry !== cached) entry.key.catch(() => cache.delete(name));
      return entry.key;
    },
  };
}
