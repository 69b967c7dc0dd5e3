import type { RetrySchedule } from './retry-schedule.ts';

/** What a schedule is for: all event types of an organisation, or one of them. */
export interface RetryScheduleOwner {
  readonly organisationId: string;
  readonly eventType?: string;
}

/** The schedules that an organisation has set instead of the installation's. */
interface RetryScheduleOverrides {
  readonly eventType?: RetrySchedule;
  readonly organisation?: RetrySchedule;
}

/** Stores the retry schedules of organisations. A read sees every write that returned before the read began. */
export interface RetryScheduleRepository {
  find(owner: RetryScheduleOwner): Promise<RetrySchedule | undefined>;
  /** The schedules of an event type and of its organisation, in one read. */
  findOverrides(organisationId: string, eventType: string): Promise<RetryScheduleOverrides>;
  put(owner: RetryScheduleOwner, schedule: RetrySchedule): Promise<void>;
  /** It is no error if there is none. */
  delete(owner: RetryScheduleOwner): Promise<void>;
}
