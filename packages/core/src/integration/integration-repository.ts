import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { Integration } from './integration.ts';

/** Stores the integrations of applications. A read sees every write that returned before the read began. */
export interface IntegrationRepository {
  /** `exists`: there is one with this id, and nothing was changed. */
  insert(integration: Integration): Promise<'inserted' | 'exists'>;
  find(applicationId: string, integrationId: string): Promise<Integration | undefined>;
  /** By id. */
  list(applicationId: string, page: PageRequest & { readonly order: ListOrder }): Promise<Page<Integration>>;
  /**
   * Writes name, featureFlags, what concerns the key, and updatedAt of `next`, with revision `previous.revision + 1`.
   * `stale`: it was changed or deleted after `previous` was read.
   */
  update(next: Integration, previous: Integration): Promise<'updated' | 'stale'>;
  /** It is no error if the row is already gone. */
  delete(applicationId: string, integrationId: string): Promise<void>;
}
