import { type Application, type ApplicationRepository, DomainError, isId } from '@posthorn/core';
import { pageOf } from './page-of.ts';

interface InMemoryApplications extends ApplicationRepository {
  /** Every stored application. */
  all(): readonly Application[];
  /** Without the task that removes the rest. */
  delete(application: Pick<Application, 'applicationId'>): Promise<void>;
}

/** Applications in a map. */
export function inMemoryApplications(): InMemoryApplications {
  const rows = new Map<string, Application>();
  const settled = new Set<string>();
  const ofOrganisation = (organisationId: string) =>
    [...rows.values()].filter((row) => row.organisationId === organisationId);
  const holderOf = (organisationId: string, uid: string) =>
    ofOrganisation(organisationId).find((row) => row.uid === uid);
  const isTaken = ({ organisationId, applicationId, uid }: Application) =>
    uid !== undefined && (holderOf(organisationId, uid)?.applicationId ?? applicationId) !== applicationId;
  const find = (organisationId: string, idOrUid: string) =>
    isId('application', idOrUid)
      ? ofOrganisation(organisationId).find((row) => row.applicationId === idOrUid)
      : holderOf(organisationId, idOrUid);

  return {
    all: () => [...rows.values()],
    insert: async (application) => {
      if (rows.has(application.applicationId)) return 'exists';
      if (isTaken(application)) return 'uid_taken';
      rows.set(application.applicationId, application);
      return 'inserted';
    },
    find: async (organisationId, idOrUid) => find(organisationId, idOrUid),
    findAccepting: async (organisationId, idOrUid) => {
      const row = find(organisationId, idOrUid);
      if (!row) return undefined;
      const { applicationId, uid, orderedAt, orderStarts } = row;
      const order = { ...(orderedAt && { orderedAt }), ...(orderStarts && { orderStarts }) };
      return { organisationId, applicationId, ...(uid && { uid }), ...order };
    },
    list: async (organisationId, page) => pageOf(ofOrganisation(organisationId), (row) => row.applicationId, page),
    update: async (next, previous) => {
      const kept = rows.get(previous.applicationId);
      if (kept?.revision !== previous.revision) return 'stale';
      if (isTaken(next)) return 'uid_taken';
      rows.set(kept.applicationId, updated(kept, next));
      return 'updated';
    },
    delete: async ({ applicationId }) => {
      rows.delete(applicationId);
    },
    startOrdering: async ({ applicationId }, at) => {
      const kept = rows.get(applicationId);
      if (!kept) throw new DomainError('not_found', 'Entity not found');
      const orderStarts = (kept.orderStarts ?? 0) + 1;
      rows.set(applicationId, { ...kept, orderedAt: kept.orderedAt ?? at, orderStarts });
      return { orderStarts, isSettled: settled.has(applicationId) };
    },
    settleOrdering: async ({ applicationId }, orderStarts) => {
      const kept = rows.get(applicationId);
      if (kept?.orderedAt && kept.orderStarts === orderStarts) settled.add(applicationId);
    },
    stopOrdering: async ({ applicationId, orderStarts }) => {
      const kept = rows.get(applicationId);
      if (!kept || kept.orderStarts !== orderStarts) return;
      const { orderedAt: _, ...unordered } = kept;
      rows.set(applicationId, unordered);
      settled.delete(applicationId);
    },
  };
}

function updated(kept: Application, next: Application): Application {
  const { organisationId, applicationId, orderedAt, orderStarts, revision, createdAt } = kept;
  const { orderedAt: _, orderStarts: __, ...changes } = next;
  const order = { ...(orderedAt && { orderedAt }), ...(orderStarts && { orderStarts }) };
  return { ...changes, organisationId, applicationId, createdAt, revision: revision + 1, ...order };
}
