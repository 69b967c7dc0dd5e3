import type { Store } from '../store.ts';

/** The table of messages. */
export interface MessagesTable extends Pick<Store, 'client'> {
  readonly tableName: string;
}
