import {
  type FunctionPermissions,
  functionRoles,
  onIndex,
  onTable,
  type Permission,
  receiveFrom,
  sendTo,
  type Template,
  useSecretsKey,
} from '@posthorn/deployment';

/** What making an attempt takes, whichever queue it came from. */
const makeAttempt: readonly Permission[] = [
  onTable('endpoints', 'GetItem', 'UpdateItem'),
  onTable('messages', 'GetItem'),
  onTable('attempts', 'GetItem', 'PutItem'),
  useSecretsKey('Decrypt'),
];

const permissions: FunctionPermissions = {
  'deliver-standard': [
    receiveFrom('deliveries'),
    sendTo('deliveries'),
    sendTo('deliveries-dead-letters'),
    onTable('due-deliveries', 'PutItem'),
    ...makeAttempt,
  ],
  'deliver-fifo': [
    receiveFrom('deliveries.fifo'),
    sendTo('deliveries-dead-letters.fifo'),
    onIndex('attempts', 'byMessage'),
    ...makeAttempt,
  ],
  'release-due-deliveries': [onTable('due-deliveries', 'Query', 'BatchWriteItem'), sendTo('deliveries')],
};

/** The workers' roles, for one stage. */
export const workerResources = (stage: string): Template => ({
  Resources: functionRoles(stage, permissions),
});
