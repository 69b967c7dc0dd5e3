import type { TablesClient } from './client.ts';

/** Where a repository's table is: a client, and the stage, which is part of the table's physical name. */
export interface Store {
  readonly client: TablesClient;
  readonly stage: string;
}
