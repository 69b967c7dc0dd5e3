import {
  type AcceptingApplication,
  type ApplicationContent,
  type ApplicationRepository,
  DomainError,
  idEntropyBytes,
  newApplication,
} from '@posthorn/core';

export interface FindTargetDeps {
  readonly findAccepting: ApplicationRepository['findAccepting'];
  readonly insertApplication: ApplicationRepository['insert'];
  readonly clock: () => Date;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** The application that a message is for. */
export interface MessageTarget {
  readonly application: AcceptingApplication;
  /** A time before the application was read: from then on, its `orderedAt` may have changed. */
  readonly readAt: Date;
}

interface TargetRequest {
  readonly organisationId: string;
  /** The application's id or uid. */
  readonly idOrUid: string;
  readonly ifMissing: { readonly kind: 'refuse' } | { readonly kind: 'create'; readonly content: ApplicationContent };
}

/**
 * Finds the application that a message is for, or creates it if the request says so. Its uid is unique: if several requests
 * create it at the same time, one succeeds and the others find it.
 *
 * @throws DomainError `not_found` if there is no such application
 */
export const createTargetFinder =
  (deps: FindTargetDeps) =>
  async ({ organisationId, idOrUid, ifMissing }: TargetRequest): Promise<MessageTarget> => {
    const readAt = deps.clock();
    const found = await deps.findAccepting(organisationId, idOrUid);
    if (found) return { application: found, readAt };
    if (ifMissing.kind === 'refuse') throw notFound();
    const created = newApplication({
      organisationId,
      content: ifMissing.content,
      now: readAt,
      entropy: deps.randomBytes(idEntropyBytes),
    });
    if ((await deps.insertApplication(created)) === 'inserted') return { application: created, readAt };
    const existing = await deps.findAccepting(organisationId, idOrUid);
    if (existing === undefined) throw notFound();
    return { application: existing, readAt };
  };

const notFound = (): DomainError => new DomainError('not_found', 'Application not found');
