import { allOperations, type FunctionFolder } from '@posthorn/contracts/api/all-operations';
import {
  type FunctionDefinition,
  onIndex,
  onTable,
  type Permission,
  type RouteEvent,
  readJwtSecret,
  type ServiceDefinition,
  useSecretsKey,
} from '@posthorn/deployment';
import { functionTimeoutSeconds as timeoutSeconds } from './src/time-limits.ts';

/** What every function with a token does: check it, find the application, keep the responses to idempotent requests. */
const authenticated: readonly Permission[] = [
  readJwtSecret,
  onTable('applications', 'GetItem'),
  onTable('claims', 'GetItem', 'PutItem', 'DeleteItem'),
];
const readEndpoints = onTable('endpoints', 'GetItem', 'Query');
/** DynamoDB checks the permissions of each part of a transaction. */
const writeWithUid = (table: 'applications' | 'endpoints') =>
  onTable(table, 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem');

const routesOf = (folder: FunctionFolder): readonly RouteEvent[] =>
  Object.values(allOperations)
    .filter(({ servedBy }) => servedBy === folder)
    .map(({ method, path }) => ({ kind: 'route', method, path }));

const resource = (folder: FunctionFolder, ...permissions: readonly Permission[]): FunctionDefinition => ({
  timeoutSeconds,
  memoryMb: 512,
  events: routesOf(folder),
  permissions: [...authenticated, ...permissions],
});

const functions: Readonly<Record<FunctionFolder, FunctionDefinition>> = {
  'post-message': {
    timeoutSeconds,
    memoryMb: 1024,
    events: routesOf('post-message'),
    permissions: [
      ...authenticated,
      onTable('applications', 'PutItem', 'ConditionCheckItem'),
      onTable('messages', 'GetItem', 'PutItem'),
    ],
  },
  applications: resource(
    'applications',
    onTable('applications', 'Query'),
    writeWithUid('applications'),
    readEndpoints,
    writeWithUid('endpoints'),
  ),
  endpoints: resource(
    'endpoints',
    readEndpoints,
    writeWithUid('endpoints'),
    onTable('event-types', 'BatchGetItem'),
    onTable('statistics', 'Query'),
    useSecretsKey('GenerateDataKey', 'Decrypt'),
  ),
  destinations: resource(
    'destinations',
    onTable('applications', 'UpdateItem'),
    readEndpoints,
    writeWithUid('endpoints'),
    onTable('event-types', 'BatchGetItem'),
    useSecretsKey('GenerateDataKey', 'Decrypt'),
  ),
  'event-types': resource('event-types', onTable('event-types', 'GetItem', 'Query', 'PutItem')),
  messages: resource('messages', onTable('messages', 'GetItem', 'BatchGetItem', 'Query')),
  attempts: resource(
    'attempts',
    onTable('endpoints', 'GetItem'),
    onTable('messages', 'GetItem', 'PutItem'),
    onTable('attempts', 'GetItem', 'BatchGetItem', 'Query'),
    onIndex('attempts', 'byMessage'),
  ),
  // Health, documentation, and every request that no other route takes.
  'front-door': { timeoutSeconds, memoryMb: 512, events: [{ kind: 'fallback-route' }], permissions: [] },
};

/** The HTTP API: accepting a message has a function of its own, the rest is grouped by resource. */
export const service: ServiceDefinition = { name: 'posthorn-api', functions };
