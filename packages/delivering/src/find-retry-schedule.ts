import {
  type Endpoint,
  type Log,
  type Message,
  type RetrySchedule,
  type RetryScheduleRepository,
  UnusableData,
} from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';

export interface FindRetryScheduleDeps {
  readonly findOverrides: RetryScheduleRepository['findOverrides'];
  /** The schedule of everything that has no other one. */
  readonly installation: RetrySchedule;
  /** Returns the current time in milliseconds. */
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
}

/** Finds the schedule that applies to a message at an endpoint. Called only after an attempt that failed. */
export type FindRetrySchedule = (
  endpoint: Pick<Endpoint, 'retrySchedule'>,
  message: Pick<Message, 'organisationId' | 'eventType'>,
) => Promise<RetrySchedule>;

/** How long a change of a schedule may go unnoticed. */
const rememberedMs = 10_000;
const maxRemembered = 1_000;

/**
 * The first of these that is set: the schedule of the endpoint, of the event type, of the organisation, of the
 * installation. Those of event type and organisation are remembered for ten seconds, so that an endpoint with many
 * failures costs one read in that time. If their rows cannot be used, the installation's schedule applies: the request was
 * made, and its attempt must be recorded.
 */
export function createFindRetrySchedule(deps: FindRetryScheduleDeps): FindRetrySchedule {
  const { installation, now } = deps;
  const known = createBoundedMemory<RetrySchedule>({ maxEntries: maxRemembered, now });
  return async ({ retrySchedule }, { organisationId, eventType }) => {
    if (retrySchedule !== undefined) return retrySchedule;
    const name = JSON.stringify([organisationId, eventType]);
    const found = known.find(name);
    if (found !== undefined) return found;
    const overrides = await findUsable(deps, organisationId, eventType);
    const schedule = overrides.eventType ?? overrides.organisation ?? installation;
    known.keep(name, schedule, rememberedMs);
    return schedule;
  };
}

async function findUsable(
  { findOverrides, log }: FindRetryScheduleDeps,
  organisationId: string,
  eventType: string,
): ReturnType<RetryScheduleRepository['findOverrides']> {
  try {
    return await findOverrides(organisationId, eventType);
  } catch (error) {
    if (!(error instanceof UnusableData)) throw error;
    log.error('retry_schedule.unusable', { organisationId, eventType, error });
    return {};
  }
}
