import type { Page, PageRequest, TimeWindow } from '../paging/page.ts';
import type { Attempt } from './attempt.ts';

/** Which attempts to list, newest first. */
export interface AttemptQuery extends PageRequest, TimeWindow {
  readonly status?: Attempt['status'];
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
export type MessageAttemptQuery = AttemptQuery &
  (
    | { readonly applicationId: string; readonly endpointId?: string }
    | { readonly applicationId?: undefined; readonly endpointId: string }
  );

/** Stores attempts. The statistics trigger reads its inserts. */
export interface AttemptRepository {
  /** Returns `exists`, and changes nothing, if an attempt with this id is already stored. */
  record(attempt: Attempt): Promise<'recorded' | 'exists'>;
  /** Sees every write that finished before it began. */
  find(endpointId: string, attemptId: string): Promise<Attempt | undefined>;
  /** Finds an attempt if the endpoint is not known. May not see an attempt that was recorded a moment ago. */
  findOfMessage(ids: Pick<Attempt, 'applicationId' | 'messageId' | 'attemptId'>): Promise<Attempt | undefined>;
  listByEndpoint(endpointId: string, query: AttemptQuery, now: Date): Promise<Page<Attempt>>;
  /** May not see an attempt that was recorded a moment ago. */
  listByMessage(messageId: string, query: MessageAttemptQuery, now: Date): Promise<Page<Attempt>>;
}
