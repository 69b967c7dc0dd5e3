import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { AcceptingApplication, Application } from './application.ts';

/** Where applications are kept. Every read sees every write that was answered before it began. */
export interface ApplicationRepository {
  /** Also takes the uid, in one transaction. */
  insert(application: Application): Promise<'inserted' | 'uid_taken'>;
  /** By id or by uid, within the organisation. */
  find(organisationId: string, idOrUid: string): Promise<Application | undefined>;
  /** The least that accepting a message needs, in one read by id and two by uid. */
  findAccepting(organisationId: string, idOrUid: string): Promise<AcceptingApplication | undefined>;
  /** By id. */
  list(organisationId: string, page: PageRequest & { readonly order: ListOrder }): Promise<Page<Application>>;
  /**
   * Writes name, uid, throttleRate, metadata and updatedAt of `next` with revision `previous.revision + 1`, and moves the
   * uid in the same transaction. `stale`: somebody changed or deleted it since `previous` was read.
   */
  update(next: Application, previous: Application): Promise<'updated' | 'uid_taken' | 'stale'>;
  /** Frees the uid too. Deleting what is gone is no error. */
  delete(application: Application): Promise<void>;
  /** Messages accepted from now on are written in one order. Answers since when they were before, if they were. */
  startOrdering(application: Application, at: Date): Promise<{ readonly orderedBefore: boolean }>;
  /** Back to sharded messages, unless `startOrdering` was called with another time than this one since. */
  stopOrdering(application: Application, orderedAt: Date): Promise<void>;
}
