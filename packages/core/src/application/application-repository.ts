import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { AcceptingApplication, Application } from './application.ts';

/** Which application. */
type ApplicationKey = Pick<Application, 'organisationId' | 'applicationId'>;

/** Stores applications. A read sees every write that returned before the read began. */
export interface ApplicationRepository {
  /**
   * Reserves the uid in the same transaction. `exists`: an application with this id is stored already, whatever its content.
   */
  insert(application: Application): Promise<'inserted' | 'exists' | 'uid_taken'>;
  /** By id or by uid, within the organisation. */
  find(organisationId: string, idOrUid: string): Promise<Application | undefined>;
  /** The fields that accepting a message needs: one read by id, two by uid. */
  findAccepting(organisationId: string, idOrUid: string): Promise<AcceptingApplication | undefined>;
  /** By id. */
  list(organisationId: string, page: PageRequest & { readonly order: ListOrder }): Promise<Page<Application>>;
  /**
   * Writes name, uid, throttleRate, metadata and updatedAt of `next`, with revision `previous.revision + 1`. Moves the
   * uid in the same transaction. `stale`: it was changed or deleted after `previous` was read.
   */
  update(next: Application, previous: Application): Promise<'updated' | 'uid_taken' | 'stale'>;
  /** From now on messages are written in one order. Returns whether they already were. */
  startOrdering(application: ApplicationKey, at: Date): Promise<{ readonly orderedBefore: boolean }>;
  /** Back to sharded messages, unless `startOrdering` was called again with another time. */
  stopOrdering(application: ApplicationKey, orderedAt: Date): Promise<void>;
}
