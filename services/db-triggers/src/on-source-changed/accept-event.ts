import type { ChangeEvent, ChangeSource } from '@posthorn/change-events';
import { DomainError, jsonContentType, UnusableData } from '@posthorn/core';
import {
  type createMessageAcceptor,
  type createTargetFinder,
  deriveMessageId,
  type MessageTarget,
} from '@posthorn/intake';
import type { Counters } from '@posthorn/platform';

export interface AcceptEventDeps {
  readonly findTarget: ReturnType<typeof createTargetFinder>;
  readonly acceptMessage: ReturnType<typeof createMessageAcceptor>;
  readonly counters: Pick<Counters, 'add'>;
}

type AcceptEvent = (event: ChangeEvent, source: ChangeSource, changedAt: Date) => Promise<void>;

/**
 * Accepts the events of one batch as messages. An application is read once for a batch.
 *
 * @throws UnusableData if there is no such application, and the source does not create it
 */
export function createEventAcceptor({ findTarget, acceptMessage, counters }: AcceptEventDeps): AcceptEvent {
  const targets = new Map<string, Promise<MessageTarget>>();
  const targetOf = (event: ChangeEvent, source: ChangeSource): Promise<MessageTarget> => {
    const name = JSON.stringify([source.organisationId, event.application, source.autoCreate]);
    const target = targets.get(name) ?? findApplication(findTarget, event, source);
    targets.set(name, target);
    return target;
  };
  return async (event, source, changedAt) => {
    const { eventType, body, orderingKey, channels, tags } = event;
    const { kind } = await acceptMessage({
      target: await targetOf(event, source),
      message: { eventType, body, contentType: jsonContentType, orderingKey, channels, tags },
      identity: { kind: 'given', messageId: deriveMessageId(event.identity, changedAt) },
    });
    if (kind === 'accepted') counters.add('ChangeEventsAccepted', 1);
  };
}

async function findApplication(
  findTarget: AcceptEventDeps['findTarget'],
  { application: idOrUid }: ChangeEvent,
  { name, organisationId, application, autoCreate }: ChangeSource,
): Promise<MessageTarget> {
  // An id is given by Posthorn, so an application with a chosen one cannot be created.
  const creates = autoCreate && !idOrUid.startsWith('app_');
  try {
    return await findTarget({
      organisationId,
      idOrUid,
      ifMissing: creates
        ? { kind: 'create', content: { uid: idOrUid, name: idOrUid, metadata: {} } }
        : { kind: 'refuse' },
    });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
    // The value of an attribute is data of the item, so the reason does not show it.
    const which = 'constant' in application ? `application ${idOrUid}` : 'application with the id or uid of the item';
    throw new UnusableData(`source ${name}: there is no ${which}. Create it, or set auto_create`, { cause: error });
  }
}
