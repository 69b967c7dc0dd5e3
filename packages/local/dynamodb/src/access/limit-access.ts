import { accessDenied } from '../failure.ts';
import type { State } from '../state/state.ts';
import { findTableActions, type TableAction } from './named-tables.ts';
import type { LimitedAccess, Rights } from './rights.ts';

/**
 * Returns the state as a limited key sees it: lists leave out the tables of others, and no read waits for a change.
 *
 * @throws AccessDeniedException if the request concerns a table that the key may not use in this way
 */
export function limitAccess(state: State, operation: string, body: object, { keyId, rights }: LimitedAccess): State {
  const actions = findTableActions(operation, body, state.catalogue);
  if (!actions)
    throw accessDenied(`User: ${userArn(keyId)} is not authorized to perform: dynamodb:${operation}. ${rights.reason}`);
  const refused = actions.find((action) => !mayDo(rights, operation, action));
  if (refused)
    throw accessDenied(
      `User: ${userArn(keyId)} is not authorized to perform: dynamodb:${refused.action} on resource: ${tableArn(state.region, refused.table)}. ${rights.reason}`,
    );
  const { catalogue } = state;
  return {
    ...state,
    streamWaitMs: 0,
    catalogue: {
      ...catalogue,
      tables: () => catalogue.tables().filter(({ description }) => !rights.isForbidden(description.TableName)),
      streams: () => catalogue.streams().filter(({ tableName }) => !rights.isForbidden(tableName)),
    },
  };
}

/** A put may be a request, or a part of a transaction. */
const mayDo = ({ isForbidden, putOnly }: Rights, operation: string, { action, table }: TableAction): boolean =>
  !isForbidden(table) ||
  (action === 'PutItem' && ['PutItem', 'TransactWriteItems'].includes(operation) && putOnly.has(table));

const account = '000000000000';
const userArn = (keyId: string): string => `arn:aws:iam::${account}:user/${keyId}`;
const tableArn = (region: string, table: string): string => `arn:aws:dynamodb:${region}:${account}:table/${table}`;
