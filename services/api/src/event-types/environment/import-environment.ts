import type { EnvironmentIn } from '@posthorn/contracts/api/environment';
import type { EventTypeIn } from '@posthorn/contracts/api/event-type';
import type { EventType, EventTypeContent, EventTypeRepository, RetryScheduleRepository } from '@posthorn/core';
import { type ChangeEventTypeDeps, putEventType } from '../change-event-type.ts';
import { eventTypeContent } from '../event-type-content.ts';

export interface ImportEnvironmentDeps extends ChangeEventTypeDeps {
  readonly eventTypes: ChangeEventTypeDeps['eventTypes'] & Pick<EventTypeRepository, 'findAll'>;
  readonly retrySchedules: Pick<RetryScheduleRepository, 'find' | 'put'>;
}

interface ImportRequest {
  readonly organisationId: string;
  readonly input: EnvironmentIn;
  readonly now: Date;
}

const concurrency = 8;

/**
 * Imports event types and settings. Each event type gets exactly the imported content; all others stay. What is already as
 * it should be is not written, so an import that ends halfway can be repeated.
 */
export const createEnvironmentImporter =
  (deps: ImportEnvironmentDeps) =>
  async ({ organisationId, input, now }: ImportRequest): Promise<void> => {
    await importEventTypes(deps, { organisationId, input, now });
    await importRetrySchedule(deps, organisationId, input.settings?.retrySchedule ?? undefined);
  };

async function importEventTypes(deps: ImportEnvironmentDeps, { organisationId, input, now }: ImportRequest) {
  const wanted = new Map((input.eventTypes ?? []).map((eventType) => [eventType.name, eventType]));
  if (wanted.size === 0) return;
  const stored = await deps.eventTypes.findAll(organisationId, [...wanted.keys()]);
  const byName = new Map(stored.map((eventType) => [eventType.name, eventType]));
  const changes = [...wanted.values()].filter((one) => !isAsWanted(byName.get(one.name), one)).values();
  const worker = async () => {
    for (const { name, ...content } of changes)
      await putEventType(deps, { organisationId, name, now }, (_, first) => eventTypeContent(content, first));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

const isAsWanted = (stored: EventType | undefined, wanted: EventTypeIn): boolean =>
  stored !== undefined && textOf(eventTypeContent(wanted, stored)) === textOf(stored);

const textOf = (content: EventTypeContent): string => {
  const { description, archived, deprecated, schemas, featureFlags, groupName } = content;
  return JSON.stringify([description, archived, deprecated, schemas, featureFlags, groupName]);
};

async function importRetrySchedule(
  { retrySchedules }: ImportEnvironmentDeps,
  organisationId: string,
  wanted: readonly number[] | undefined,
): Promise<void> {
  if (wanted === undefined) return;
  const stored = await retrySchedules.find({ organisationId });
  if (JSON.stringify(stored) !== JSON.stringify(wanted)) await retrySchedules.put({ organisationId }, wanted);
}
