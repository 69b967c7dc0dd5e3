import type { EventExampleIn } from '@posthorn/contracts/api/endpoint';
import { type Endpoint, type EventTypeRepository, jsonContentType, type ListedMessage } from '@posthorn/core';
import { type AcceptMessageDeps, createMessageAcceptor, type MessageTarget } from '@posthorn/intake';
import { messageIdFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { readExamplePayload } from './example-payload.ts';

export interface SendExampleDeps extends AcceptMessageDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'find'>;
}

interface SendExampleRequest {
  readonly target: MessageTarget;
  readonly endpoint: Pick<Endpoint, 'endpointId'>;
  readonly input: EventExampleIn;
  readonly origin: RequestOrigin;
}

/**
 * Accepts an example of an event type as a message for one endpoint, whatever that endpoint's filters: the caller names
 * both. No other endpoint ever gets it.
 *
 * @throws DomainError `not_found` if there is no such event type, `invalid_scheme` if it has no example to send
 */
export const createExampleSender = (deps: SendExampleDeps) => {
  const accept = createMessageAcceptor(deps);
  return async ({ target, endpoint, input, origin }: SendExampleRequest): Promise<ListedMessage> => {
    const { eventType } = input;
    const body = await readExamplePayload(deps.eventTypes, target.application.organisationId, input);
    const { message } = await accept({
      target,
      message: { eventType, body, contentType: jsonContentType, channels: [], tags: [], onlyTo: endpoint.endpointId },
      identity: { kind: 'given', messageId: messageIdFrom(origin) },
    });
    return message;
  };
};
