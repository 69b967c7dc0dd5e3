import { type EventType, type EventTypeRepository, isShownWith } from '@posthorn/core';
import { pageOf } from './page-of.ts';

/** Event types in a map. `all` returns every stored event type. */
export function inMemoryEventTypes(): EventTypeRepository & { all(): readonly EventType[] } {
  const rows = new Map<string, EventType>();
  const keyOf = (organisationId: string, name: string) => `${organisationId} ${name}`;

  return {
    all: () => [...rows.values()],
    insert: async (eventType) => {
      const key = keyOf(eventType.organisationId, eventType.name);
      if (rows.get(key)?.archived === false) return 'exists';
      rows.set(key, eventType);
      return 'inserted';
    },
    find: async (organisationId, name) => rows.get(keyOf(organisationId, name)),
    findAll: async (organisationId, names) =>
      [...new Set(names)].flatMap((name) => rows.get(keyOf(organisationId, name)) ?? []),
    list: async (organisationId, { includeArchived, heldFlags, ...page }) => {
      const listed = [...rows.values()].filter(
        (row) =>
          row.organisationId === organisationId && (includeArchived || !row.archived) && isShownWith(heldFlags, row),
      );
      return pageOf(listed, (row) => row.name, page);
    },
    update: async (next, previous) => {
      const { organisationId, name, createdAt, revision } = previous;
      const key = keyOf(organisationId, name);
      const kept = rows.get(key);
      if (kept?.revision !== revision || kept.createdAt.getTime() !== createdAt.getTime()) return 'stale';
      rows.set(key, { ...next, organisationId, name, createdAt, revision: revision + 1 });
      return 'updated';
    },
    delete: async (organisationId, name) => (rows.delete(keyOf(organisationId, name)) ? 'deleted' : 'absent'),
  };
}
