import type { EnvironmentIn } from '@posthorn/contracts/api/environment';
import type { EventTypeIn } from '@posthorn/contracts/api/event-type';
import type { EventType, EventTypeContent, EventTypeRepository, RetryScheduleRepository } from '@posthorn/core';
import { type ChangeEventTypeDeps, plannedEventType, putEventType } from '../change-event-type.ts';
import type { RequireAllUsable } from '../enforced-event-types.ts';
import { eventTypeContent } from '../event-type-content.ts';
import { runForEach } from '../run-for-each.ts';

export interface ImportEnvironmentDeps extends ChangeEventTypeDeps {
  readonly eventTypes: ChangeEventTypeDeps['eventTypes'] & Pick<EventTypeRepository, 'findAll'>;
  readonly requireAllUsable: RequireAllUsable;
  readonly retrySchedules: Pick<RetryScheduleRepository, 'find' | 'put'>;
}

interface ImportRequest {
  readonly organisationId: string;
  readonly input: EnvironmentIn;
  readonly now: Date;
}

/**
 * Imports event types and settings. Each event type gets exactly the imported content; all others stay. Nothing is written
 * unless every schema that is enforced can be used. What is already as it should be is not written, so an import that ends
 * halfway can be repeated.
 *
 * @throws ValidationError naming the schemas that cannot be enforced
 */
export const createEnvironmentImporter =
  (deps: ImportEnvironmentDeps) =>
  async ({ organisationId, input, now }: ImportRequest): Promise<void> => {
    await importEventTypes(deps, { organisationId, input, now });
    await importRetrySchedule(deps, organisationId, input.settings?.retrySchedule ?? undefined);
  };

async function importEventTypes(deps: ImportEnvironmentDeps, { organisationId, input, now }: ImportRequest) {
  const wanted = new Map((input.eventTypes ?? []).map((eventType, n) => [eventType.name, { eventType, n }]));
  if (wanted.size === 0) return;
  const stored = await deps.eventTypes.findAll(organisationId, [...wanted.keys()]);
  const byName = new Map(stored.map((eventType) => [eventType.name, eventType]));
  const changes = [...wanted.values()].filter(({ eventType }) => !isAsWanted(byName.get(eventType.name), eventType));
  await deps.requireAllUsable(
    changes.map(({ eventType, n }) => {
      const previous = byName.get(eventType.name);
      const content = eventTypeContent(eventType, previous);
      const next = plannedEventType({ organisationId, name: eventType.name, now }, previous, content);
      return { next, previous, loc: ['body', 'eventTypes', `[${n}]`, 'schemas'] };
    }),
  );
  await runForEach(changes, ({ eventType: { name, ...content } }) =>
    putEventType(deps, { organisationId, name, now }, (_, first) => eventTypeContent(content, first)),
  );
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
