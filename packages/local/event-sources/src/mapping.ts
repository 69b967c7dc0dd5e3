import type { JsonObject } from './json.ts';

/** The settings of every event source mapping. */
interface MappingBase {
  readonly functionKey: string;
  readonly batchSize: number;
  /** How long a batch that is not full may wait for more records. */
  readonly windowSeconds: number;
  readonly reportFailures: boolean;
  readonly filterPatterns: readonly JsonObject[];
}

/** The `sqs` event of a function. */
export interface QueueMapping extends MappingBase {
  readonly kind: 'queue';
  readonly queueName: string;
  readonly maximumConcurrency: number;
}

/** The `stream` event of a function, of type dynamodb. */
export interface StreamMapping extends MappingBase {
  readonly kind: 'stream';
  readonly tableName: string;
  /** The view type that the stream must have. Another stream is not read. */
  readonly viewType?: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Batches of one shard that run at the same time, each with its own share of the keys. */
  readonly parallelizationFactor: number;
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: retries as long as the stream keeps the record. */
  readonly maximumRetryAttempts: number;
  /** -1: no limit. */
  readonly maximumRecordAgeInSeconds: number;
  /** The queue that gets a notice about records that were given up. */
  readonly onFailureQueue?: string;
}

export type Mapping = QueueMapping | StreamMapping;

/** Runs the function with an event. Resolves with its result, and rejects for a thrown error or a timeout. */
export type Invoke = (event: { readonly Records: readonly JsonObject[] }) => Promise<unknown>;

/** Writes one line. */
export type Log = (line: string) => void;

/** A running mapping. */
export interface RunningMapping {
  /** Stops taking messages or records, waits up to the grace time for running invocations, and resolves. */
  stop(graceMs: number): Promise<void>;
}

/** A running mapping of a stream. */
export interface RunningStreamMapping extends RunningMapping {
  /**
   * Returns when the oldest change arrived that is not done yet, or since when the stream cannot be read. Nothing if no
   * change is waiting. Time before the mapping began to run does not count.
   */
  behindSince(): Date | undefined;
}
