import type { JsonObject, Mapping, QueueMapping, StreamMapping } from '@posthorn/local-event-sources';
import { createEventFilter } from '@posthorn/local-event-sources';
import { type NameSources, queueNameOf, tableNameOf } from './resource-name.ts';

/** The `sqs` event of a function in serverless.yml. */
export interface QueueEvent {
  readonly arn: unknown;
  readonly batchSize?: number;
  readonly enabled?: boolean;
  readonly maximumBatchingWindow?: number;
  readonly maximumConcurrency?: number;
  readonly functionResponseType?: string;
  readonly filterPatterns?: readonly JsonObject[];
}

/** The `stream` event of a function in serverless.yml. */
export interface StreamEvent {
  readonly arn: unknown;
  readonly type?: string;
  readonly batchSize?: number;
  readonly batchWindow?: number;
  readonly enabled?: boolean;
  readonly startingPosition?: string;
  readonly parallelizationFactor?: number;
  readonly maximumRetryAttempts?: number;
  readonly maximumRecordAgeInSeconds?: number;
  readonly bisectBatchOnFunctionError?: boolean;
  readonly functionResponseType?: string;
  readonly filterPatterns?: readonly JsonObject[];
  readonly destinations?: { readonly onFailure: unknown };
}

export interface FunctionEvents {
  readonly functionKey: string;
  readonly events: readonly {
    readonly sqs?: string | QueueEvent;
    readonly stream?: string | StreamEvent;
    /** Served by serverless-offline. */
    readonly schedule?: unknown;
    readonly httpApi?: unknown;
  }[];
}

export interface MappingSettings extends NameSources {
  /** The most invocations at a time for one queue on this machine. */
  readonly maximumConcurrency: number;
}

// The default of Serverless.
const defaultBatchSize = 10;

/**
 * Returns the event source mappings of a service's functions, without those that are not enabled.
 *
 * @throws UnresolvedArn when a queue or table cannot be named
 * @throws InvalidFilterPattern
 */
export function readMappings(functions: readonly FunctionEvents[], settings: MappingSettings): readonly Mapping[] {
  return functions.flatMap(({ functionKey, events }) =>
    events.flatMap(({ sqs, stream }): Mapping[] => {
      if (sqs !== undefined) return readQueueEvent(functionKey, toObject(sqs), settings);
      if (stream !== undefined) return readStreamEvent(functionKey, toObject(stream), settings);
      return [];
    }),
  );
}

const toObject = <Event extends { readonly arn: unknown }>(event: string | Event): Event | { readonly arn: string } =>
  typeof event === 'string' ? { arn: event } : event;

function readQueueEvent(functionKey: string, event: QueueEvent, settings: MappingSettings): QueueMapping[] {
  if (event.enabled === false) return [];
  const { maximumConcurrency = settings.maximumConcurrency } = event;
  return [
    {
      kind: 'queue',
      ...readCommon(functionKey, event),
      windowSeconds: event.maximumBatchingWindow ?? 0,
      queueName: queueNameOf(event.arn, settings),
      maximumConcurrency: Math.min(maximumConcurrency, settings.maximumConcurrency),
    },
  ];
}

function readStreamEvent(functionKey: string, event: StreamEvent, settings: MappingSettings): StreamMapping[] {
  if (event.enabled === false || !isDynamodb(event)) return [];
  const onFailureQueue = readFailureQueue(event, settings);
  return [
    {
      kind: 'stream',
      ...readCommon(functionKey, event),
      windowSeconds: event.batchWindow ?? 0,
      tableName: tableNameOf(event.arn, settings),
      startingPosition: event.startingPosition === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
      parallelizationFactor: event.parallelizationFactor ?? 1,
      bisectBatchOnFunctionError: event.bisectBatchOnFunctionError ?? false,
      maximumRetryAttempts: event.maximumRetryAttempts ?? -1,
      maximumRecordAgeInSeconds: event.maximumRecordAgeInSeconds ?? -1,
      ...(onFailureQueue === undefined ? {} : { onFailureQueue }),
    },
  ];
}

const isDynamodb = ({ type, arn }: StreamEvent): boolean =>
  type === 'dynamodb' || (type === undefined && typeof arn === 'string' && arn.split(':')[2] === 'dynamodb');

function readFailureQueue({ destinations }: StreamEvent, settings: MappingSettings): string | undefined {
  const onFailure = destinations?.onFailure;
  if (onFailure === undefined || onFailure === null) return undefined;
  const arn = typeof onFailure === 'object' && 'arn' in onFailure ? onFailure.arn : onFailure;
  return queueNameOf(arn, settings);
}

function readCommon(functionKey: string, event: QueueEvent | StreamEvent) {
  const filterPatterns = event.filterPatterns ?? [];
  createEventFilter(filterPatterns);
  return {
    functionKey,
    batchSize: event.batchSize ?? defaultBatchSize,
    reportFailures: event.functionResponseType === 'ReportBatchItemFailures',
    filterPatterns,
  };
}
