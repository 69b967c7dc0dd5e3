import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { Endpoint, EndpointTarget, FanOutEndpoint, UnreadableEndpoint } from './endpoint.ts';

/** Endpoints of the standard queue, or endpoints in FIFO mode (destinations). */
export type EndpointMode = 'standard' | 'fifo';

/** What fan-out reads of an application. */
export interface FanOutApplication {
  readonly endpoints: readonly (FanOutEndpoint | UnreadableEndpoint)[];
  /** Someone polls its messages, so fan-out writes their order down. */
  readonly isPolled: boolean;
}

/** Where some of an application's endpoints are. */
interface TargetPage {
  /** A row that does not say it is left out. */
  readonly targets: readonly EndpointTarget[];
  readonly rowsRead: number;
  /** The next page begins after this endpoint. Absent if there are no more. */
  readonly next?: string;
}

/** Stores endpoints. A read sees every write that returned before the read began. */
export interface EndpointRepository {
  /**
   * Reserves the uid in the same transaction. `exists`: an endpoint with this id is stored already, whatever its content.
   * `limit_reached`: the application has as many endpoints as `limit` says, of both modes. It never has more, however many
   * are inserted with the limit at the same time.
   */
  insert(endpoint: Endpoint, limit?: number): Promise<'inserted' | 'exists' | 'uid_taken' | 'limit_reached'>;
  /** By id or by uid, within the application. */
  find(applicationId: string, idOrUid: string): Promise<Endpoint | undefined>;
  /** By id; only endpoints of the mode. */
  list(
    applicationId: string,
    page: PageRequest & { readonly order: ListOrder; readonly mode: EndpointMode },
  ): Promise<Page<Endpoint>>;
  /** Of both modes, the lowest id first. */
  listAll(applicationId: string, page: PageRequest): Promise<Page<Endpoint>>;
  /**
   * Every endpoint of the application, whatever its mode, with only what fan-out reads. A row that cannot be read does not
   * hide the others.
   */
  listForFanOut(applicationId: string): Promise<readonly (FanOutEndpoint | UnreadableEndpoint)[]>;
  /** Where some of the application's endpoints are, of both modes, and which of them are disabled. */
  listTargets(
    applicationId: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<TargetPage>;
  /**
   * The ids of endpoints that were deleted since a time. One is forgotten when the last successful attempt that was made at
   * it may have expired.
   */
  listDeleted(applicationId: string, since: Date): Promise<readonly string[]>;
  /**
   * Writes `next`, except ids and `createdAt`, with revision `previous.revision + 1`. Moves the uid in the same
   * transaction. Keeps the health, or forgets it if the endpoint is enabled again. `stale`: it was changed or deleted
   * after `previous` was read.
   */
  update(next: Endpoint, previous: Endpoint): Promise<'updated' | 'uid_taken' | 'stale'>;
  /**
   * Sets `disabled`, for what was seen of the endpoint at a time. Does nothing if the endpoint is already disabled or gone,
   * or if it was enabled at that time or later.
   */
  disable(endpoint: Pick<Endpoint, 'applicationId' | 'endpointId'>, at: Date): Promise<void>;
  /** Frees the uid too, whichever it has now. It is no error if the row is already gone. */
  delete(endpoint: Pick<Endpoint, 'applicationId' | 'endpointId' | 'uid'>, now: Date): Promise<void>;
}
