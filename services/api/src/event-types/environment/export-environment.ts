import type { EnvironmentOut } from '@posthorn/contracts/api/environment';
import {
  DomainError,
  type EventTypeRepository,
  eventTypeForm,
  hasForm,
  type RetryScheduleRepository,
} from '@posthorn/core';
import { answerBytes, maxAnswerBytes } from '../../http/answer-bytes.ts';
import { toEventTypeOut } from '../event-type-out.ts';

export interface ExportEnvironmentDeps {
  readonly eventTypes: Pick<EventTypeRepository, 'list'>;
  readonly retrySchedules: Pick<RetryScheduleRepository, 'find'>;
}

const pageLength = 100;
const formatVersion = 1;

/**
 * The event types and settings of an organisation.
 *
 * @throws DomainError `limit_reached` if they are too large for one answer
 */
export const createEnvironmentExporter =
  ({ eventTypes, retrySchedules }: ExportEnvironmentDeps) =>
  async (organisationId: string, now: Date): Promise<EnvironmentOut> => {
    const retrySchedule = await retrySchedules.find({ organisationId });
    return {
      version: formatVersion,
      createdAt: now.toISOString(),
      eventTypes: await exportEventTypes(eventTypes, organisationId),
      settings: retrySchedule ? { retrySchedule: [...retrySchedule] } : null,
      connectors: [],
    };
  };

async function exportEventTypes(
  { list }: ExportEnvironmentDeps['eventTypes'],
  organisationId: string,
): Promise<EnvironmentOut['eventTypes']> {
  const exported: EnvironmentOut['eventTypes'] = [];
  const query = { limit: pageLength, direction: 'forward', order: 'ascending', includeArchived: true } as const;
  let bytes = 0;
  let iterator: string | undefined;
  for (;;) {
    const page = await list(organisationId, { ...query, ...(iterator !== undefined && { iterator }) });
    for (const eventType of page.items) {
      // An old one can have the name `.` or `..`, which no import takes.
      if (!hasForm(eventType.name, eventTypeForm)) continue;
      const shown = toEventTypeOut(eventType, true);
      bytes += answerBytes(JSON.stringify(shown));
      if (bytes > maxAnswerBytes) throw tooLarge();
      exported.push(shown);
    }
    iterator = page.resumeAt ?? page.items.at(-1)?.name;
    if (page.done || iterator === undefined) return exported;
  }
}

const tooLarge = (): DomainError =>
  new DomainError(
    'limit_reached',
    `The event types have more than ${maxAnswerBytes} bytes: list them with GET /api/v1/event-type?with_content=true`,
  );
