import type { AttemptFact } from '../attempt/attempt-facts.ts';
import type { RowChange } from '../batch/row-change.ts';
import type { EndpointFact } from '../endpoint/endpoint-facts.ts';
import type { Task } from '../task/task.ts';
import type { OperationalEvent } from './operational-event.ts';

/** What an organisation is told about a change of an endpoint. */
export const endpointEventOf = (
  fact: EndpointFact,
  { sequenceNumber }: Pick<RowChange<unknown>, 'sequenceNumber'>,
): OperationalEvent => ({
  organisationId: fact.organisationId,
  eventType: `endpoint.${fact.kind}`,
  source: ['endpoint', fact.kind, fact.endpointId, sequenceNumber],
  at: fact.at,
  applicationId: fact.applicationId,
  data: {
    endpointId: fact.endpointId,
    endpointUid: fact.uid ?? null,
    ...(fact.kind === 'disabled' && { failSince: fact.failSince?.toISOString() ?? null, trigger: fact.trigger }),
  },
});

/** What an organisation is told about a delivery. */
export const attemptEventOf = (fact: AttemptFact): OperationalEvent => ({
  organisationId: fact.organisationId,
  eventType: `message.attempt.${fact.kind}`,
  source: ['attempt', fact.kind, fact.lastAttempt.attemptId],
  at: fact.lastAttempt.attemptedAt,
  applicationId: fact.applicationId,
  data: {
    msgId: fact.messageId,
    msgEventId: fact.eventId ?? null,
    endpointId: fact.endpointId,
    lastAttempt: {
      id: fact.lastAttempt.attemptId,
      responseStatusCode: fact.lastAttempt.responseStatusCode,
      timestamp: fact.lastAttempt.attemptedAt.toISOString(),
    },
  },
});

/**
 * What an organisation is told about a task that has ended.
 *
 * @param data - of the task, as the API shows it
 */
export const taskEventOf = (
  {
    organisationId,
    taskId,
    status,
    work,
    updatedAt,
  }: Pick<Task, 'organisationId' | 'taskId' | 'status' | 'work' | 'updatedAt'>,
  data: unknown,
): OperationalEvent => ({
  organisationId,
  eventType: 'background_task.finished',
  source: ['task', taskId],
  at: updatedAt,
  data: { taskId, task: work.kind, status, data },
});
