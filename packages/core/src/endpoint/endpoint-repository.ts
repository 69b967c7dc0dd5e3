import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { Endpoint, FanOutEndpoint } from './endpoint.ts';

/** Endpoints that are served from the standard queue, or those in FIFO mode (destinations). */
export type EndpointMode = 'standard' | 'fifo';

/** Where endpoints are kept. Every read sees every write that was answered before it began. */
export interface EndpointRepository {
  /** Also takes the uid, in one transaction. */
  insert(endpoint: Endpoint): Promise<'inserted' | 'uid_taken'>;
  /** By id or by uid, within the application. */
  find(applicationId: string, idOrUid: string): Promise<Endpoint | undefined>;
  /** By id; only endpoints of the mode. */
  list(
    applicationId: string,
    page: PageRequest & { readonly order: ListOrder; readonly mode: EndpointMode },
  ): Promise<Page<Endpoint>>;
  /** Every endpoint of the application, whatever its mode, with only what fan-out reads. */
  listForFanOut(applicationId: string): Promise<readonly FanOutEndpoint[]>;
  /**
   * Replaces all that may change (everything but ids, createdAt) with `next`'s, with revision `previous.revision + 1`, and
   * moves the uid in the same transaction. `stale`: somebody changed or deleted it since `previous` was read.
   */
  update(next: Endpoint, previous: Endpoint): Promise<'updated' | 'uid_taken' | 'stale'>;
  /** Sets `disabled`; harmless when it is disabled or gone. */
  disable(endpoint: Pick<Endpoint, 'applicationId' | 'endpointId'>, at: Date): Promise<void>;
  /** Frees the uid too. Deleting what is gone is no error. */
  delete(endpoint: Endpoint): Promise<void>;
}
