import type { ListOrder, Page, PageRequest } from '../paging/page.ts';
import type { EventType } from './event-type.ts';

/** The part of the list of event types to read. */
export interface EventTypeQuery extends PageRequest {
  readonly order: ListOrder;
  readonly includeArchived: boolean;
  /** Only the event types that a token with these feature flags may see. Undefined: all of them. */
  readonly heldFlags?: readonly string[] | undefined;
}

/** Stores event types. A read sees every write that returned before the read began. */
export interface EventTypeRepository {
  /** Overwrites an archived event type with this name. Returns `exists`, and changes nothing, if a live one has it. */
  insert(eventType: EventType): Promise<'inserted' | 'exists'>;
  find(organisationId: string, name: string): Promise<EventType | undefined>;
  /** The event types that exist among these names, archived ones included, in any order. */
  findAll(organisationId: string, names: readonly string[]): Promise<readonly EventType[]>;
  /** By name; the iterator is a name. */
  list(organisationId: string, query: EventTypeQuery): Promise<Page<EventType>>;
  /**
   * Writes the content and updatedAt of `next`, with revision `previous.revision + 1`. `stale`: it was changed, replaced
   * or deleted after `previous` was read.
   */
  update(next: EventType, previous: EventType): Promise<'updated' | 'stale'>;
  /** Removes the row of a live or archived event type. `absent`: there is none with this name. */
  delete(organisationId: string, name: string): Promise<'deleted' | 'absent'>;
}
