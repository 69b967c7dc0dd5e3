import {
  type FunctionPermissions,
  functionRoles,
  onIndex,
  onTable,
  type Permission,
  readJwtSecret,
  type Template,
  useSecretsKey,
} from '@posthorn/deployment';
import type { FunctionFolder } from './src/functions.ts';

/** What every function with a token does: check it, find the application, keep answers to idempotent requests. */
const authenticated: readonly Permission[] = [
  readJwtSecret,
  onTable('applications', 'GetItem'),
  onTable('claims', 'GetItem', 'PutItem', 'DeleteItem'),
];
const readEndpoints = onTable('endpoints', 'GetItem', 'Query');
/** DynamoDB asks for the rights of each part of a transaction. */
const writeWithUid = (table: 'applications' | 'endpoints') =>
  onTable(table, 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem');

const permissions: FunctionPermissions & Readonly<Record<FunctionFolder, readonly Permission[]>> = {
  'post-message': [
    ...authenticated,
    onTable('applications', 'PutItem', 'ConditionCheckItem'),
    onTable('messages', 'GetItem', 'PutItem'),
  ],
  applications: [
    ...authenticated,
    onTable('applications', 'Query'),
    writeWithUid('applications'),
    readEndpoints,
    writeWithUid('endpoints'),
  ],
  endpoints: [
    ...authenticated,
    readEndpoints,
    writeWithUid('endpoints'),
    onTable('event-types', 'BatchGetItem'),
    onTable('statistics', 'Query'),
    useSecretsKey('GenerateDataKey', 'Decrypt'),
  ],
  destinations: [
    ...authenticated,
    onTable('applications', 'UpdateItem'),
    readEndpoints,
    writeWithUid('endpoints'),
    onTable('event-types', 'BatchGetItem'),
    useSecretsKey('GenerateDataKey', 'Decrypt'),
  ],
  'event-types': [...authenticated, onTable('event-types', 'GetItem', 'Query', 'PutItem')],
  messages: [...authenticated, onTable('messages', 'GetItem', 'BatchGetItem', 'Query')],
  attempts: [
    ...authenticated,
    onTable('endpoints', 'GetItem'),
    onTable('messages', 'GetItem', 'PutItem'),
    onTable('attempts', 'GetItem', 'BatchGetItem', 'Query'),
    onIndex('attempts', 'byMessage'),
  ],
  'front-door': [],
};

/** The functions' roles, for one stage. */
export const apiResources = (stage: string): Template => ({
  Resources: functionRoles(stage, permissions),
});
