import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { AcceptingApplication, Application } from './application.ts';

/** Which application. */
type ApplicationKey = Pick<Application, 'organisationId' | 'applicationId'>;

/** What the start of an order says about it. */
export interface StartedOrdering {
  /** With this call. */
  readonly orderStarts: number;
  /** Whether `settleOrdering` was called for it. If not, some function may still take the application for unordered. */
  readonly isSettled: boolean;
}

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
  /** From now on messages are written in one order. An order that has begun already keeps its time. */
  startOrdering(application: ApplicationKey, at: Date): Promise<StartedOrdering>;
  /** No function takes the application for unordered any more. Does nothing if `startOrdering` was called again. */
  settleOrdering(application: ApplicationKey, orderStarts: number): Promise<void>;
  /** Back to sharded messages, unless `startOrdering` was called again since the application was read. */
  stopOrdering(application: ApplicationKey & Pick<Application, 'orderStarts'>): Promise<void>;
}
