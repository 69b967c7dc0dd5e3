import { isOwnTable, tableName } from '@posthorn/contracts';
import type { Rights } from '@posthorn/local-dynamodb';

/** Programs of the user may do everything with tables of their own. Of Posthorn's, they may put rows into the outbox. */
export function programRights(stage: string): Rights {
  const outbox = tableName(stage, 'outbox');
  return {
    isForbidden: (name) => isOwnTable(stage, name),
    putOnly: new Set([outbox]),
    reason:
      `Names that begin with posthorn-${stage}- belong to Posthorn itself. ` +
      `Choose another name for a table of your own, and hand over events by PutItem into ${outbox}`,
  };
}
