import { type ChangeEvent, type ChangeSource, missingApplication, toMessage } from '@posthorn/change-events';
import { DomainError, UnusableData } from '@posthorn/core';
import { createNamedAcceptor, deriveMessageId, type NamedAcceptorDeps } from '@posthorn/intake';
import type { Counters } from '@posthorn/platform';

export interface AcceptEventDeps extends NamedAcceptorDeps {
  readonly counters: Pick<Counters, 'add'>;
}

type AcceptEvent = (event: ChangeEvent, source: ChangeSource, changedAt: Date) => Promise<void>;

/**
 * Accepts the events of one batch as messages.
 *
 * @throws UnusableData if there is no such application, and the source does not create it
 */
export function createEventAcceptor({ counters, ...deps }: AcceptEventDeps): AcceptEvent {
  const accept = createNamedAcceptor(deps);
  return async (event, source, changedAt) => {
    const identity = { kind: 'given', messageId: deriveMessageId(event.identity, changedAt) } as const;
    try {
      const { kind } = await accept({ ...toMessage(event, source), identity });
      if (kind === 'accepted') counters.add('ChangeEventsAccepted', 1);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
      throw new UnusableData(missingApplication(source), { cause: error });
    }
  };
}
