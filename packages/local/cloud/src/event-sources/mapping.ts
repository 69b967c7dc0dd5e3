import type { JsonObject } from './json.ts';

/** What both kinds of event source mapping have. */
interface MappingBase {
  readonly functionKey: string;
  readonly batchSize: number;
  /** How long a batch that is not full may wait for more. */
  readonly windowSeconds: number;
  readonly reportFailures: boolean;
  readonly filterPatterns: readonly JsonObject[];
}

/** A function's `sqs` event. */
export interface QueueMapping extends MappingBase {
  readonly kind: 'queue';
  readonly queueName: string;
  readonly maximumConcurrency: number;
}

/** A function's `stream` event of type dynamodb. */
export interface StreamMapping extends MappingBase {
  readonly kind: 'stream';
  readonly tableName: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Batches of one shard that run at the same time, each with its own share of the keys. */
  readonly parallelizationFactor: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** -1 for as long as the stream holds the record. */
  readonly maximumRetryAttempts: number;
  /** -1 for any age. */
  readonly maximumRecordAgeInSeconds: number;
  /** The queue that is told of records given up. */
  readonly onFailureQueue?: string;
}

export type Mapping = QueueMapping | StreamMapping;

/** Runs the function on an event: its answer, or a rejection for a thrown error or a timeout. */
export type Invoke = (event: { readonly Records: readonly JsonObject[] }) => Promise<unknown>;

/** One line for each problem. */
export type Log = (line: string) => void;

/** A mapping at work. */
export interface RunningMapping {
  /** Takes nothing more, gives invocations under way the grace time to end, and resolves. */
  stop(graceMs: number): Promise<void>;
}
