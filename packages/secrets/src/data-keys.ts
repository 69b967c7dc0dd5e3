import type { DataKeyRepository } from '@posthorn/core';
import type { KeyMemory } from './key-memory.ts';
import type { KeyWrapping } from './key-wrapping.ts';
import { CannotOpen } from './sealing.ts';

/** A data key and its id, which stands beside every value that is sealed with it. */
export interface NamedKey {
  readonly keyId: string;
  readonly key: Uint8Array;
}

/** The data keys of organisations. */
export interface DataKeys {
  /** The key to seal with. Created and stored at the first value of an organisation. */
  current(organisationId: string): Promise<NamedKey>;
  /** @throws CannotOpen if the organisation has no key with this id */
  find(organisationId: string, keyId: string): Promise<Uint8Array>;
}

export interface DataKeysDeps {
  readonly wrapping: KeyWrapping;
  readonly store: DataKeyRepository;
  readonly memory: KeyMemory;
}

/** Each organisation has one key. Sealed values name it, so that a later version can add another one. */
const currentKeyId = '1';

export function createDataKeys({ wrapping, store, memory }: DataKeysDeps): DataKeys {
  const contextOf = (organisationId: string, keyId: string) => ({ organisationId, keyId });
  const nameOf = (organisationId: string, keyId: string) => JSON.stringify([organisationId, keyId]);
  const find = (organisationId: string, keyId: string) =>
    memory.find(nameOf(organisationId, keyId), async () => {
      const wrapped = await store.find(organisationId, keyId);
      return wrapped === undefined ? undefined : wrapping.unwrap(wrapped, contextOf(organisationId, keyId));
    });
  const create = async (organisationId: string, keyId: string): Promise<Uint8Array> => {
    const context = contextOf(organisationId, keyId);
    const { key, wrapped } = await wrapping.createDataKey(context);
    // Another process may have been faster. The stored key is the one that counts.
    const stored = await store.insert(organisationId, keyId, wrapped);
    const kept = stored === wrapped ? key : await wrapping.unwrap(stored, context);
    memory.keep(nameOf(organisationId, keyId), kept);
    return kept;
  };
  const creating = new Map<string, Promise<Uint8Array>>();
  /** Values that are sealed at the same time share one creation. */
  const createOnce = (organisationId: string, keyId: string): Promise<Uint8Array> => {
    const name = nameOf(organisationId, keyId);
    const running = creating.get(name) ?? create(organisationId, keyId).finally(() => creating.delete(name));
    creating.set(name, running);
    return running;
  };
  return {
    current: async (organisationId) => ({
      keyId: currentKeyId,
      key: (await find(organisationId, currentKeyId)) ?? (await createOnce(organisationId, currentKeyId)),
    }),
    find: async (organisationId, keyId) => {
      const key = await find(organisationId, keyId);
      if (key === undefined) throw new CannotOpen('the data key of its organisation is not stored');
      return key;
    },
  };
}
