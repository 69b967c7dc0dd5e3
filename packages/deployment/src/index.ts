export { alarmTopicExportName, alarmTopicName, iteratorAgeAlarm, queueAlarm } from './alarms.ts';
export type { Resource, Template, Value } from './cloudformation.ts';
export { attributeOf, logicalName, queueLogicalId, retained } from './cloudformation.ts';
export type { FunctionPermissions } from './function-roles.ts';
export { functionRoles } from './function-roles.ts';
export type { Permission } from './permissions.ts';
export {
  onIndex,
  onTable,
  readJwtSecret,
  readStream,
  receiveFrom,
  secretsKeyExportName,
  sendTo,
  useSecretsKey,
} from './permissions.ts';
