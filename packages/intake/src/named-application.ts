import type { AcceptedMessage, AcceptRequest } from './accept-message.ts';
import type { createTargetFinder, MessageTarget } from './find-target.ts';

export interface NamedAcceptorDeps {
  readonly findTarget: ReturnType<typeof createTargetFinder>;
  readonly acceptMessage: (request: AcceptRequest) => Promise<AcceptedMessage>;
}

/** A message for an application that its source names. */
export interface NamedRequest extends Omit<AcceptRequest, 'target'> {
  readonly organisationId: string;
  /** The application's id or uid. */
  readonly application: string;
  /** Whether an application that does not exist is created, with the name as uid. An id is never created. */
  readonly autoCreate: boolean;
}

/**
 * Accepts messages for applications that are named by id or uid, such as those of one batch. Each application is read once,
 * so use a new acceptor for each batch.
 *
 * @throws DomainError `not_found` if there is no such application and it is not created
 */
export function createNamedAcceptor({ findTarget, acceptMessage }: NamedAcceptorDeps) {
  const targets = new Map<string, Promise<MessageTarget>>();
  const find = ({ organisationId, application, autoCreate }: NamedRequest): Promise<MessageTarget> =>
    findTarget({
      organisationId,
      idOrUid: application,
      ifMissing:
        autoCreate && !application.startsWith('app_')
          ? { kind: 'create', content: { uid: application, name: application, metadata: {} } }
          : { kind: 'refuse' },
    });
  return async (request: NamedRequest): Promise<AcceptedMessage> => {
    const { organisationId, application, autoCreate, message, identity } = request;
    const name = JSON.stringify([organisationId, application, autoCreate]);
    const target = targets.get(name) ?? find(request);
    targets.set(name, target);
    return acceptMessage({ target: await target, message, identity });
  };
}
