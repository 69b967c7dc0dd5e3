import type { Page, PageRequest } from '../paging/page.ts';
import type { EventType } from './event-type.ts';

/** Stores event types. A read sees every write that returned before the read began. */
export interface EventTypeRepository {
  /** Overwrites an archived event type with this name. Returns `exists`, and changes nothing, if a live one has it. */
  insert(eventType: EventType): Promise<'inserted' | 'exists'>;
  find(organisationId: string, name: string): Promise<EventType | undefined>;
  /** The event types that exist among these names, archived ones included, in any order. */
  findAll(organisationId: string, names: readonly string[]): Promise<readonly EventType[]>;
  /** By name, ascending; the iterator is a name. */
  list(organisationId: string, page: PageRequest & { readonly includeArchived: boolean }): Promise<Page<EventType>>;
}
