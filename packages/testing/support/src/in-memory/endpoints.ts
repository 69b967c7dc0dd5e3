import { type Endpoint, type EndpointRepository, type FanOutEndpoint, isId } from '@posthorn/core';
import { pageOf } from './page-of.ts';

/** Endpoints in a map. `all` returns every stored endpoint. */
export function inMemoryEndpoints(): EndpointRepository & { all(): readonly Endpoint[] } {
  const rows = new Map<string, Endpoint>();
  const enabledAt = new Map<string, Date>();
  const deleted = new Map<string, { readonly applicationId: string; readonly at: Date }>();
  const ofApplication = (applicationId: string) =>
    [...rows.values()].filter((row) => row.applicationId === applicationId);
  const holderOf = (applicationId: string, uid: string) => ofApplication(applicationId).find((row) => row.uid === uid);
  const isTaken = ({ applicationId, endpointId, uid }: Endpoint) =>
    uid !== undefined && (holderOf(applicationId, uid)?.endpointId ?? endpointId) !== endpointId;

  return {
    all: () => [...rows.values()],
    insert: async (endpoint, limit = Number.POSITIVE_INFINITY) => {
      if (rows.has(endpoint.endpointId)) return 'exists';
      if (ofApplication(endpoint.applicationId).length >= limit) return 'limit_reached';
      if (isTaken(endpoint)) return 'uid_taken';
      rows.set(endpoint.endpointId, endpoint);
      return 'inserted';
    },
    find: async (applicationId, idOrUid) =>
      isId('endpoint', idOrUid)
        ? ofApplication(applicationId).find((row) => row.endpointId === idOrUid)
        : holderOf(applicationId, idOrUid),
    list: async (applicationId, page) => {
      const ofMode = ofApplication(applicationId).filter((row) => (page.mode === 'fifo') === (row.order !== undefined));
      return pageOf(ofMode, (row) => row.endpointId, page);
    },
    listAll: async (applicationId, page) =>
      pageOf(ofApplication(applicationId), (row) => row.endpointId, { ...page, order: 'ascending' }),
    listForFanOut: async (applicationId) => ofApplication(applicationId).map(toFanOut),
    listDeleted: async (applicationId, since) =>
      [...deleted].flatMap(([id, row]) => (row.applicationId === applicationId && row.at >= since ? [id] : [])),
    listTargets: async (applicationId, { after = '', limit }) => {
      const own = ofApplication(applicationId)
        .filter(({ endpointId }) => endpointId > after)
        .toSorted((one, other) => (one.endpointId < other.endpointId ? -1 : 1));
      const page = own.slice(0, limit);
      const targets = page.map(({ url, disabled }) => ({ url, disabled }));
      const last = own.length > limit ? page.at(-1) : undefined;
      return { targets, rowsRead: page.length, ...(last && { next: last.endpointId }) };
    },
    update: async (next, previous) => {
      const kept = rows.get(previous.endpointId);
      if (kept?.revision !== previous.revision) return 'stale';
      if (isTaken(next)) return 'uid_taken';
      const { organisationId, applicationId, endpointId, createdAt } = kept;
      const own = { organisationId, applicationId, endpointId, createdAt, revision: kept.revision + 1 };
      const { health: _, autoDisabled: __, ...changed } = next;
      const isEnabled = kept.disabled && !next.disabled;
      if (isEnabled) enabledAt.set(endpointId, next.updatedAt);
      rows.set(endpointId, {
        ...changed,
        ...own,
        ...(kept.health && !isEnabled && { health: kept.health }),
        ...(kept.autoDisabled && !isEnabled && { autoDisabled: true }),
      });
      return 'updated';
    },
    disable: async ({ endpointId }, at) => {
      const kept = rows.get(endpointId);
      if (!kept || kept.disabled || (enabledAt.get(endpointId) ?? never) >= at) return;
      rows.set(endpointId, { ...kept, disabled: true, autoDisabled: true, updatedAt: at, revision: kept.revision + 1 });
    },
    delete: async ({ applicationId, endpointId }, at) => {
      rows.delete(endpointId);
      deleted.set(endpointId, { applicationId, at });
    },
  };
}

const never = new Date(0);

const toFanOut = ({ endpointId, disabled, eventTypes, channels, order, health }: Endpoint): FanOutEndpoint => ({
  endpointId,
  disabled,
  ...(eventTypes && { eventTypes }),
  ...(channels && { channels }),
  ...(order && { order }),
  ...(health && { health }),
});
