import type { Integration, IntegrationRepository } from '@posthorn/core';
import { pageOf } from './page-of.ts';

/** Integrations in a map. `all` returns every stored integration. */
export function inMemoryIntegrations(): IntegrationRepository & { all(): readonly Integration[] } {
  const rows = new Map<string, Integration>();
  const keyOf = (applicationId: string, integrationId: string) => `${applicationId} ${integrationId}`;
  return {
    all: () => [...rows.values()],
    insert: async (integration) => {
      const key = keyOf(integration.applicationId, integration.integrationId);
      if (rows.has(key)) return 'exists';
      rows.set(key, integration);
      return 'inserted';
    },
    find: async (applicationId, integrationId) => rows.get(keyOf(applicationId, integrationId)),
    list: async (applicationId, page) => {
      const own = [...rows.values()].filter((row) => row.applicationId === applicationId);
      return pageOf(own, ({ integrationId }) => integrationId, page);
    },
    update: async (next, { organisationId, applicationId, integrationId, createdAt, revision }) => {
      const key = keyOf(applicationId, integrationId);
      if (rows.get(key)?.revision !== revision) return 'stale';
      rows.set(key, { ...next, organisationId, applicationId, integrationId, createdAt, revision: revision + 1 });
      return 'updated';
    },
    delete: async (applicationId, integrationId) => void rows.delete(keyOf(applicationId, integrationId)),
  };
}
