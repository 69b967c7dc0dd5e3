import type { Queue, Table } from '@posthorn/contracts';
import type { Value } from './cloudformation.ts';
import type { Permission } from './permissions.ts';

/** One route of the HTTP API. */
export interface RouteEvent {
  readonly kind: 'route';
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters in braces: `/api/v1/app/{app_id}`. */
  readonly path: string;
}

/** Every HTTP request that matches no route. */
export interface FallbackEvent {
  readonly kind: 'fallback-route';
}

/** The messages of a queue. The function reports failed messages one by one. */
export interface QueueEvent {
  readonly kind: 'queue';
  readonly queue: Queue;
  readonly batchSize: number;
  /** The largest number of concurrent invocations. */
  readonly maximumConcurrency: number;
}

/**
 * The changes of a table, from the oldest that the stream still has. The function reports the first failed record, and a
 * batch that fails is split. One batch of a shard runs at a time: the order of acceptance is the order of all items of a
 * partition key, and parallel batches would keep only the order of each item.
 */
export interface StreamEvent extends StreamReading {
  readonly kind: 'stream';
  readonly table: Table;
}

/** The changes of one of the user's own tables, read in the same way. */
export interface SourceStreamEvent extends StreamReading {
  readonly kind: 'source-stream';
  readonly tableName: string;
  readonly streamArn: string;
}

interface StreamReading {
  /** A change that matches none of the patterns does not reach the function. */
  readonly filterPatterns: readonly { readonly [name: string]: Value }[];
  readonly batchSize: number;
  /** How long a batch that is not full waits for more records. */
  readonly batchWindowSeconds: number;
  /** A record that fails is tried again until it is this old. The number of tries has no limit. */
  readonly maximumRecordAgeSeconds: number;
  /** The queue that receives a notice of the records that were given up. */
  readonly onFailureQueue: Queue;
}

/** The clock. */
export interface ScheduleEvent {
  readonly kind: 'schedule';
  readonly everyMinutes: number;
}

/** What invokes a function. */
export type FunctionEvent = RouteEvent | FallbackEvent | QueueEvent | StreamEvent | SourceStreamEvent | ScheduleEvent;

/** One function: what invokes it, its limits, and what it may do. */
export interface FunctionDefinition {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /**
   * Runs for every message or attempt. It writes no log line about what goes well, unless the deployment asks for it:
   * four lines cost as much as a write unit.
   */
  readonly isBusy?: boolean;
  readonly events: readonly FunctionEvent[];
  readonly permissions: readonly Permission[];
}

/**
 * The functions of one service, by their folders under `src`. A folder's `handler.ts` exports `handler` for AWS Lambda,
 * and its `create-handler.ts` exports `createHandler` for another host.
 *
 * This is plain data: a template is made from it (`toServerlessFunctions`, `toServiceResources`), and another host can
 * run the functions from it without Serverless.
 */
export interface ServiceDefinition {
  /** The name of the service in its serverless.yml. */
  readonly name: string;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
}
