import type { Page, PageRequest, TimeWindow } from '../paging/page.ts';
import type { Attempt } from './attempt.ts';

/** Which attempts to list, newest first. */
export interface AttemptQuery extends PageRequest, TimeWindow {
  readonly status?: Attempt['status'];
  /** 0, 100, 200, … 500; 0 stands for codes 0 to 99. */
  readonly statusCodeClass?: number;
  readonly channel?: string;
  readonly eventTypes?: readonly string[];
  /** Whether the answers' bodies are wanted too; `response` is empty when not. */
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

/** Where attempts are kept. Its inserts are what the statistics trigger reads. */
export interface AttemptRepository {
  /** Written once: `exists` when an attempt of this id is there already, which stays as it is. */
  record(attempt: Attempt): Promise<'recorded' | 'exists'>;
  /** Sees every write that was answered before it began. */
  find(endpointId: string, attemptId: string): Promise<Attempt | undefined>;
  /** Without knowing the endpoint; may lag a moment behind `record`. */
  findOfMessage(messageId: string, attemptId: string): Promise<Attempt | undefined>;
  listByEndpoint(endpointId: string, query: AttemptQuery, now: Date): Promise<Page<Attempt>>;
  /** May lag a moment behind `record`. */
  listByMessage(messageId: string, query: MessageAttemptQuery, now: Date): Promise<Page<Attempt>>;
}
