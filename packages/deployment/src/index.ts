export { alarmTopicExportName, alarmTopicName, queueAlarm } from './alarms.ts';
export type { Resource, Template, Value } from './cloudformation.ts';
export { attributeOf, logicalName, queueLogicalId, retained } from './cloudformation.ts';
export type {
  FunctionDefinition,
  FunctionEvent,
  RouteEvent,
  ServiceDefinition,
} from './function-definition.ts';
export type { Permission } from './permissions.ts';
export {
  holdBackOn,
  onIndex,
  onTable,
  readJwtSecret,
  readSourceStreams,
  readStream,
  receiveFrom,
  secretsKeyExportName,
  sendTo,
  useSecretsKey,
} from './permissions.ts';
export { toServerlessFunctions } from './serverless-functions.ts';
export { streamImports, toServiceResources } from './service-resources.ts';
