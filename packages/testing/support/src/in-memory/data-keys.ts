import type { DataKeyRepository } from '@posthorn/core';

/** Wrapped data keys in a map. */
export function inMemoryDataKeys(): DataKeyRepository {
  const rows = new Map<string, string>();
  const nameOf = (organisationId: string, keyId: string) => `${organisationId} ${keyId}`;
  return {
    find: async (organisationId, keyId) => rows.get(nameOf(organisationId, keyId)),
    insert: async (organisationId, keyId, wrapped) => {
      const name = nameOf(organisationId, keyId);
      const stored = rows.get(name) ?? wrapped;
      rows.set(name, stored);
      return stored;
    },
  };
}
