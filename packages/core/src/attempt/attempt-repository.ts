import type { Page, PageRequest, TimeWindow } from '../paging/page.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptStatusFilter } from './attempt-result.ts';

/**
 * Which attempts to list, by id, the latest first. The window is of the times at which they were made. An id has the time
 * for which its attempt was planned, which is never later.
 */
export interface AttemptQuery extends PageRequest, TimeWindow {
  /**
   * For a list by endpoint with `after`: no attempt that was made since then was planned before this time. Absent: all of
   * them were planned after `after`.
   */
  readonly plannedFrom?: Date;
  readonly status?: AttemptStatusFilter;
  /** 0, 100, 200, … 500. 0 selects the codes 0 to 99. */
  readonly statusCodeClass?: number;
  readonly channel?: string;
  readonly eventTypes?: readonly string[];
  /** Whether to read the answers' bodies too. `response` is empty if not. */
  readonly withResponse: boolean;
}

/**
 * The attempts of a message are listed for one application, or at one endpoint, which belongs to an application: a
 * message id alone does not say who may see them.
 */
export type MessageAttemptQuery = AttemptQuery & {
  /**
   * Leaves out first attempts that succeeded and whose id is `firstAttemptIdOf`, but for those that an earlier version
   * recorded. The others are in one index, so the list costs little, however many endpoints there are.
   */
  readonly withoutFirstSuccesses?: boolean;
} & (
    | { readonly applicationId: string; readonly endpointId?: string }
    | { readonly applicationId?: undefined; readonly endpointId: string }
  );

/** Stores attempts. The statistics trigger reads its inserts. */
export interface AttemptRepository {
  /** Returns `exists`, and changes nothing, if an attempt with this id is already stored. */
  record(attempt: Attempt): Promise<'recorded' | 'exists'>;
  /** Sees every write that finished before it began. */
  find(endpointId: string, attemptId: string): Promise<Attempt | undefined>;
  /**
   * Finds many attempts, without their responses, in few requests. They come in any order; those that are not stored, or
   * whose time is over, are left out. May not see an attempt that was recorded a moment ago. No attempt may be asked for
   * twice.
   */
  findAll(attempts: readonly Pick<Attempt, 'endpointId' | 'attemptId'>[], now: Date): Promise<readonly Attempt[]>;
  /** Finds an attempt if the endpoint is not known. May not see an attempt that was recorded a moment ago. */
  findOfMessage(ids: Pick<Attempt, 'applicationId' | 'messageId' | 'attemptId'>): Promise<Attempt | undefined>;
  listByEndpoint(endpointId: string, query: AttemptQuery, now: Date): Promise<Page<Attempt>>;
  /** May not see an attempt that was recorded a moment ago. */
  listByMessage(messageId: string, query: MessageAttemptQuery, now: Date): Promise<Page<Attempt>>;
  /** Replaces the response by `expungedResponse`, for ever. It is no error if the attempt is no longer stored. */
  expungeResponse(attempt: Pick<Attempt, 'endpointId' | 'attemptId'>): Promise<void>;
}
