import { queueName, tableName } from '@posthorn/contracts';
import type { FunctionEvent } from '@posthorn/deployment';
import type { Mapping } from '@posthorn/local-event-sources';
import type { LoadedFunction } from '../functions/load-functions.ts';

/** The settings of every event source in the templates, beside those of the definition. */
const common = { reportFailures: true };
const streams = {
  startingPosition: 'TRIM_HORIZON',
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: -1,
} as const;

type Defined = Pick<LoadedFunction, 'key' | 'definition'>;

/** A mapping with the function that it invokes. */
export interface FunctionMapping<One extends Defined> {
  readonly one: One;
  readonly mapping: Mapping;
}

/** The event source mappings of the functions, as `toServerlessFunctions` puts them into the templates. */
export const readMappings = <One extends Defined>(
  functions: readonly One[],
  stage: string,
): readonly FunctionMapping<One>[] =>
  functions.flatMap((one) =>
    one.definition.events.flatMap((event) => {
      const mapping = toMapping(one.key, event, stage);
      return mapping === undefined ? [] : [{ one, mapping }];
    }),
  );

function toMapping(functionKey: string, event: FunctionEvent, stage: string): Mapping | undefined {
  switch (event.kind) {
    case 'queue':
      return {
        ...common,
        kind: 'queue',
        functionKey,
        queueName: queueName(stage, event.queue),
        batchSize: event.batchSize,
        windowSeconds: 0,
        filterPatterns: [],
        maximumConcurrency: event.maximumConcurrency,
      };
    case 'stream':
    case 'source-stream':
      return {
        ...common,
        ...streams,
        kind: 'stream',
        functionKey,
        tableName: event.kind === 'stream' ? tableName(stage, event.table) : event.tableName,
        ...(event.kind === 'source-stream' && { viewType: 'NEW_AND_OLD_IMAGES' }),
        batchSize: event.batchSize,
        windowSeconds: event.batchWindowSeconds,
        filterPatterns: event.filterPatterns,
        maximumRecordAgeInSeconds: event.maximumRecordAgeSeconds,
        onFailureQueue: queueName(stage, event.onFailureQueue),
      };
    default:
      return undefined;
  }
}
