import { streamExportName, tableName } from '@posthorn/contracts';
import {
  type FunctionPermissions,
  functionRoles,
  iteratorAgeAlarm,
  onTable,
  readStream,
  sendTo,
  type Template,
} from '@posthorn/deployment';

const service = 'posthorn-db-triggers';

const permissions: FunctionPermissions = {
  'on-message-inserted': [
    readStream('messages'),
    onTable('endpoints', 'Query'),
    onTable('messages', 'GetItem'),
    sendTo('deliveries'),
    sendTo('deliveries.fifo'),
    sendTo('stream-failures'),
  ],
  'on-attempt-inserted': [readStream('attempts'), onTable('statistics', 'UpdateItem'), sendTo('stream-failures')],
};

/** The triggers' roles and alarms, for one stage. */
export const triggerResources = (stage: string): Template => ({
  Resources: {
    ...functionRoles(stage, permissions),
    ...iteratorAgeAlarm(service, stage, 'on-message-inserted'),
    ...iteratorAgeAlarm(service, stage, 'on-attempt-inserted'),
  },
});

/** Export name of a stream => its table. */
export const streamImports = (stage: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (['messages', 'attempts'] as const).map((table) => [streamExportName(stage, table), tableName(stage, table)]),
  );
