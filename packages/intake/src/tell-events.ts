import {
  type EndpointRepository,
  isOperationalApplicationId,
  jsonContentType,
  matchesFilters,
  type OperationalEvent,
  operationalApplicationIdOf,
  toOperationalBody,
  wasCreatedAfter,
} from '@posthorn/core';
import { type AcceptMessageDeps, createMessageAcceptor } from './accept-message.ts';
import { deriveMessageId } from './message-identity.ts';

export interface TellEventsDeps extends AcceptMessageDeps {
  readonly listEndpoints: EndpointRepository['listForFanOut'];
}

/** Makes the message of an event, if an operational endpoint of the organisation asks for it. May be repeated. */
export type TellEvent = (event: OperationalEvent) => Promise<'told' | 'nobody_listens'>;

/**
 * Begins to tell the events of a batch. The endpoints of an organisation and the uid of an application are read once for a
 * batch, when they are first needed. All events of the batch must have happened before.
 */
export function createEventTelling(deps: TellEventsDeps): () => TellEvent {
  const accept = createMessageAcceptor(deps);
  return () => {
    const listEndpoints = onceEach(deps.listEndpoints);
    const findUid = onceEach(async (organisationId: string, applicationId: string) => {
      const application = await deps.findAccepting(organisationId, applicationId);
      return application?.uid;
    });
    return async (event) => {
      const { organisationId, eventType, applicationId: about, source, at } = event;
      if (about !== undefined && isOperationalApplicationId(about)) return 'nobody_listens';
      const applicationId = operationalApplicationIdOf(organisationId);
      if (!(await listEndpoints(applicationId)).some((endpoint) => listensTo(endpoint, event))) return 'nobody_listens';
      const body = toOperationalBody(event, about === undefined ? undefined : await findUid(organisationId, about));
      await accept({
        target: { application: { organisationId, applicationId }, readAt: deps.clock() },
        message: { eventType, body, contentType: jsonContentType, channels: [], tags: [] },
        identity: { kind: 'given', messageId: deriveMessageId(['operational', organisationId, ...source], at) },
      });
      return 'told';
    };
  };
}

type ListedEndpoint = Awaited<ReturnType<EndpointRepository['listForFanOut']>>[number];

/** An endpoint whose row cannot be read counts: fan-out sets its delivery aside, so it is not lost. */
function listensTo(endpoint: ListedEndpoint, { eventType, at }: OperationalEvent): boolean {
  if (wasCreatedAfter(endpoint, { acceptedAt: at })) return false;
  return 'unreadable' in endpoint || (!endpoint.disabled && matchesFilters(endpoint, { eventType, channels: [] }));
}

/** A function that runs once for the same arguments. */
function onceEach<Names extends readonly string[], Value>(
  run: (...names: Names) => Promise<Value>,
): (...names: Names) => Promise<Value> {
  const results = new Map<string, Promise<Value>>();
  return (...names) => {
    const key = JSON.stringify(names);
    const result = results.get(key) ?? run(...names);
    results.set(key, result);
    return result;
  };
}
