import { streamExportName, tableName } from '@posthorn/contracts';
import { iteratorAgeAlarm } from './alarms.ts';
import type { Template } from './cloudformation.ts';
import type { ServiceDefinition } from './function-definition.ts';
import { functionRoles } from './function-roles.ts';

/** The roles of a service's functions, and an alarm for each function that reads a stream. */
export function toServiceResources(service: ServiceDefinition, stage: string): Template {
  const alarms = streamReaders(service).map((folder) => iteratorAgeAlarm(service.name, stage, folder));
  return { Resources: Object.assign({}, functionRoles(service, stage), ...alarms) };
}

/** Export name of a stream => its table, for the streams that a service reads. */
export const streamImports = (service: ServiceDefinition, stage: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    streamEvents(service).map(({ table }) => [streamExportName(stage, table), tableName(stage, table)]),
  );

/** The folders of the functions that read a stream. */
const streamReaders = ({ functions }: ServiceDefinition): readonly string[] =>
  Object.keys(functions).filter((folder) =>
    functions[folder]?.events.some(({ kind }) => kind === 'stream' || kind === 'source-stream'),
  );

const streamEvents = ({ functions }: ServiceDefinition) =>
  Object.values(functions).flatMap(({ events }) => events.filter((event) => event.kind === 'stream'));
