import type { ApplicationIn } from '@posthorn/contracts/api/application';
import { type AcceptingApplication, isId } from '@posthorn/core';
import { createTargetFinder, type FindTargetDeps, type MessageTarget } from '@posthorn/intake';
import { applicationContent } from '../applications/application-content.ts';
import { invalidField } from '../http/refusals.ts';

interface TargetRequest {
  readonly organisationId: string;
  /** The application in the path, by id or uid. */
  readonly idOrUid: string;
  /** The application in the body. */
  readonly application: ApplicationIn | undefined;
}

/**
 * Finds the application that a message is for. If none has the uid in the path, the one in the body is created.
 *
 * @throws ValidationError if the application in the body is not the one in the path, whether or not that exists
 * @throws DomainError `not_found` if it does not exist and is not to be created
 */
export const createMessageTargetFinder = (deps: FindTargetDeps) => {
  const findTarget = createTargetFinder(deps);
  return async ({ organisationId, idOrUid, application }: TargetRequest): Promise<MessageTarget> => {
    if (application === undefined) return findTarget({ organisationId, idOrUid, ifMissing: { kind: 'refuse' } });
    const content = applicationContent(application, { loc: ['body', 'application'] });
    const uid = requireUid(application);
    if (!isId('application', idOrUid)) {
      requireSame(uid, idOrUid);
      return findTarget({ organisationId, idOrUid, ifMissing: { kind: 'create', content } });
    }
    const target = await findTarget({ organisationId, idOrUid, ifMissing: { kind: 'refuse' } });
    requireSame(uid, target.application.uid);
    return target;
  };
};

const where = ['body', 'application', 'uid'];

function requireUid({ uid }: ApplicationIn): string {
  if (!uid) throw invalidField(where, 'must be given', 'application_uid_missing');
  return uid;
}

function requireSame(given: string, expected: AcceptingApplication['uid']): void {
  if (given !== expected)
    throw invalidField(where, 'must match the application in the path', 'application_uid_mismatch');
}
