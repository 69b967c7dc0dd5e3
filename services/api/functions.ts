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
import { pollerTimeoutSeconds, functionTimeoutSeconds as timeoutSeconds } from './src/time-limits.ts';

/**
 * What every function with a token does: check the token and whether it was revoked, find the application, and count where
 * requests are limited.
 */
const authenticated: readonly Permission[] = [
  readJwtSecret,
  onTable('applications', 'GetItem'),
  onTable('tokens', 'GetItem', 'BatchGetItem', 'Query'),
  onTable('throttles', 'UpdateItem'),
];
/**
 * A POST is done once for each idempotency key: a request is begun and released by an update, and finished by a put. One that
 * was refused is deleted.
 */
const keepAnswers = onTable('claims', 'PutItem', 'UpdateItem', 'DeleteItem');
const readEndpoints = onTable('endpoints', 'GetItem', 'Query');
/**
 * A change of an endpoint is an update of its row. Its uid is a row of the same table, put and deleted with it. Of a
 * deleted endpoint, another row is left.
 */
const writeEndpoints = onTable('endpoints', 'PutItem', 'UpdateItem', 'DeleteItem');
/** Sealing creates the data key of an organisation, at its first value. */
const sealValues = [onTable('data-keys', 'GetItem', 'PutItem'), useSecretsKey('GenerateDataKey', 'Decrypt')];

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
    memoryMb: 512,
    isBusy: true,
    events: routesOf('post-message'),
    permissions: [
      ...authenticated,
      // A repeated message that does not fit its schema any more.
      onTable('claims', 'GetItem', 'PutItem'),
      // What is enforced, and the schemas.
      onTable('event-types', 'GetItem'),
      onTable('applications', 'PutItem'),
      // A message that is repeated after it was expunged: its chunks are deleted again.
      onTable('messages', 'GetItem', 'PutItem', 'DeleteItem'),
    ],
  },
  applications: resource(
    'applications',
    keepAnswers,
    onTable('applications', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'),
    readEndpoints,
    onTable('endpoints', 'DeleteItem', 'PutItem'),
    // A task removes what an application leaves.
    onTable('tasks', 'PutItem'),
  ),
  endpoints: resource(
    'endpoints',
    keepAnswers,
    readEndpoints,
    writeEndpoints,
    onTable('event-types', 'GetItem', 'BatchGetItem'),
    // In the hours at the edges of a window, attempts are counted one by one.
    onTable('statistics', 'Query'),
    onTable('attempts', 'Query'),
    onIndex('deliveries', 'byState'),
    // Examples are messages. Chunks of one that is repeated after it was expunged are deleted again.
    onTable('messages', 'GetItem', 'PutItem', 'DeleteItem'),
    ...sealValues,
  ),
  destinations: resource(
    'destinations',
    keepAnswers,
    onTable('applications', 'UpdateItem'),
    readEndpoints,
    writeEndpoints,
    onTable('event-types', 'BatchGetItem'),
    // What groups are at, and commands to them.
    onTable('groups', 'GetItem', 'Query'),
    onIndex('groups', 'byBlocked'),
    onIndex('deliveries', 'byState'),
    onTable('messages', 'GetItem', 'PutItem'),
    ...sealValues,
  ),
  'event-types': resource(
    'event-types',
    keepAnswers,
    // A change of what is enforced is two updates: every process reads the row of tokens.
    onTable('event-types', 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'),
    onTable('tokens', 'UpdateItem'),
    // The schedule of an event type is removed with it. That of the organisation is exported and imported.
    onTable('retry-schedules', 'GetItem', 'PutItem', 'DeleteItem'),
  ),
  'retry-schedules': resource(
    'retry-schedules',
    onTable('retry-schedules', 'GetItem', 'PutItem', 'DeleteItem'),
    onTable('event-types', 'GetItem'),
    readEndpoints,
    writeEndpoints,
  ),
  messages: resource(
    'messages',
    keepAnswers,
    onTable('claims', 'GetItem'),
    onTable('endpoints', 'Query'),
    // Expunging is an update of the message's row, and deletes the chunks of its body.
    onTable('messages', 'GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'DeleteItem'),
  ),
  poller: {
    ...resource(
      'poller',
      keepAnswers,
      // The application and who polls it, in one read. Its first poll puts its messages in order.
      onTable('applications', 'BatchGetItem', 'UpdateItem'),
      onTable('endpoints', 'BatchGetItem', 'PutItem'),
      onTable('message-log', 'BatchGetItem', 'Query', 'UpdateItem'),
      onTable('messages', 'GetItem', 'BatchGetItem'),
    ),
    timeoutSeconds: pollerTimeoutSeconds,
  },
  attempts: resource(
    'attempts',
    keepAnswers,
    onTable('claims', 'GetItem'),
    onTable('endpoints', 'GetItem', 'Query'),
    onTable('messages', 'GetItem', 'BatchGetItem', 'Query', 'PutItem'),
    // The response of an attempt can be deleted.
    onTable('attempts', 'GetItem', 'BatchGetItem', 'Query', 'UpdateItem'),
    onIndex('attempts', 'byMessage'),
    // Where messages stand that wait or did not reach an endpoint.
    onTable('deliveries', 'BatchGetItem'),
    onIndex('deliveries', 'byState'),
    // How long attempts waited that were made in a time.
    onTable('statistics', 'Query'),
  ),
  'background-tasks': resource(
    'background-tasks',
    keepAnswers,
    onTable('endpoints', 'GetItem'),
    onTable('tasks', 'GetItem', 'PutItem', 'Query'),
    onIndex('tasks', 'byApplication'),
  ),
  // Portal access can bring its application along.
  tokens: resource(
    'tokens',
    keepAnswers,
    onTable('applications', 'PutItem'),
    onTable('tokens', 'PutItem', 'DeleteItem'),
    ...sealValues,
  ),
  // Health, documentation, and every request that no other route takes.
  'front-door': { timeoutSeconds, memoryMb: 512, events: [{ kind: 'fallback-route' }], permissions: [] },
};

/** The HTTP API: accepting a message has a function of its own, the rest is grouped by resource. */
export const service: ServiceDefinition = { name: 'posthorn-api', functions };
