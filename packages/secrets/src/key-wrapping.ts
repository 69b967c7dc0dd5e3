import type { SealContext } from '@posthorn/core';

/** A key for one value, in clear for use now and wrapped for storage beside the value. */
export interface DataKey {
  readonly key: Uint8Array;
  readonly wrapped: string;
}

/** Makes and unwraps data keys under a key that never leaves its keeper. */
export interface KeyWrapping {
  createDataKey(context: SealContext): Promise<DataKey>;
  unwrap(wrapped: string, context: SealContext): Promise<Uint8Array>;
}

/** AWS KMS as the keeper: the context is the encryption context, so that its log shows for whom a key was used. */
export function createKmsWrapping(keyId: string): KeyWrapping {
  const load = async () => {
    // Loaded on first use, so that functions which open nothing at start-up do not pay for it.
    const { DecryptCommand, GenerateDataKeyCommand, KMSClient } = await import('@aws-sdk/client-kms');
    return { client: new KMSClient({}), DecryptCommand, GenerateDataKeyCommand };
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
      if (!answer.Plaintext || !answer.CiphertextBlob) throw new Error('KMS answered no data key');
      return { key: answer.Plaintext, wrapped: Buffer.from(answer.CiphertextBlob).toString('base64') };
    },
    async unwrap(wrapped, context) {
      const { client, DecryptCommand } = await loaded();
      const CiphertextBlob = Buffer.from(wrapped, 'base64');
      const EncryptionContext = encryptionContext(context);
      const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: keyId }));
      if (!Plaintext) throw new Error('KMS answered no key');
      return Plaintext;
    },
  };
}

const encryptionContext = ({ organisationId, endpointId }: SealContext) => ({ organisationId, endpointId });

const maxCachedKeys = 1_000;
const cachedForMs = 5 * 60 * 1_000;

/** Keeps unwrapped keys for five minutes, the latest thousand, so that a warm worker asks the keeper once per endpoint. */
export function withKeyCache(wrapping: KeyWrapping, now: () => number): KeyWrapping {
  const cache = new Map<string, { readonly key: Promise<Uint8Array>; readonly until: number }>();
  const nameOf = (wrapped: string, context: SealContext) =>
    JSON.stringify([wrapped, context.organisationId, context.endpointId]);
  return {
    createDataKey: wrapping.createDataKey,
    unwrap(wrapped, context) {
      const name = nameOf(wrapped, context);
      const cached = cache.get(name);
      if (cached && cached.until > now()) return cached.key;
      const key = wrapping.unwrap(wrapped, context);
      cache.delete(name);
      cache.set(name, { key, until: now() + cachedForMs });
      for (const oldest of cache.keys()) {
        if (cache.size <= maxCachedKeys) break;
        cache.delete(oldest);
      }
      key.catch(() => cache.delete(name));
      return key;
    },
  };
}
