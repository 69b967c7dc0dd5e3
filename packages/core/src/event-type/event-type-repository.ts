import type { Page, PageRequest } from '../paging/page.ts';
import type { EventType } from './event-type.ts';

/** Where event types are kept. Every read sees every write that was answered before it began. */
export interface EventTypeRepository {
  /** Overwrites an archived one of the name; a live one is `exists` and stays as it is. */
  insert(eventType: EventType): Promise<'inserted' | 'exists'>;
  find(organisationId: string, name: string): Promise<EventType | undefined>;
  /** Those of the names that exist, archived ones included, in any order. */
  findAll(organisationId: string, names: readonly string[]): Promise<readonly EventType[]>;
  /** By name, ascending; the iterator is a name. */
  list(organisationId: string, page: PageRequest & { readonly includeArchived: boolean }): Promise<Page<EventType>>;
}
