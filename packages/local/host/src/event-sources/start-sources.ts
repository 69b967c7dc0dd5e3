import {
  type Faults,
  type Log,
  type RunningMapping,
  runQueueMapping,
  runStreamMapping,
} from '@posthorn/local-event-sources';
import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';
import type { Cloud } from '../stores/open-cloud.ts';
import { ownerOf } from './owner-of.ts';
import { readMappings } from './read-mappings.ts';
import { runLocalQueue } from './run-local-queue.ts';
import { createShares, type ShareLimits } from './shares.ts';
import { createStartingJobs } from './starting-jobs.ts';

/** The most batches at a time of a queue at another endpoint. */
const remoteConcurrency = 20;
/** Streams of this process wait for changes themselves; others are read at this pace. */
const localPace = { activeMs: 0, idleMs: 0 };
const remotePace = { activeMs: 20, idleMs: 250 };
const mostStarting = { all: 32, ofOne: 24 };

export interface SourcesOptions {
  readonly stage: string;
  readonly region: string;
  readonly isTablesLocal: boolean;
  readonly limits: ShareLimits;
  readonly invokeOf: (one: LoadedFunction) => Invoke;
  readonly faults: Faults;
  readonly areQueuesReachable: () => boolean;
  readonly log: Log;
}

/** A stream that a function reads. */
export interface RunningStream {
  readonly functionKey: string;
  readonly tableName: string;
  /** Since when the oldest change waits for the function, if one does. */
  behindSince(): Date | undefined;
}

export interface RunningSources extends RunningMapping {
  readonly streams: readonly RunningStream[];
}

/** Runs the queue and stream events of the functions, as Lambda's event source mappings do. */
export function startSources(
  functions: readonly LoadedFunction[],
  cloud: Cloud,
  { stage, region, isTablesLocal, limits, invokeOf, faults, areQueuesReachable, log }: SourcesOptions,
): RunningSources {
  const streams: RunningStream[] = [];
  const starting = createStartingJobs(mostStarting.all, mostStarting.ofOne);
  const running = readMappings(functions, stage).map(({ one, mapping }) => {
    const deps = { invoke: invokeOf(one), faults, log };
    if (mapping.kind === 'stream') {
      const stream = runStreamMapping(mapping, {
        ...deps,
        streams: cloud.streams,
        sendToQueue: (queueName, text) => cloud.sendToQueue(queueName, text),
        checkpoints: cloud.checkpoints(`${mapping.functionKey}.${mapping.tableName}`),
        pace: isTablesLocal ? localPace : remotePace,
      });
      const { functionKey, tableName } = mapping;
      streams.push({ functionKey, tableName, behindSince: stream.behindSince });
      return stream;
    }
    const queue = cloud.localQueues?.find(mapping.queueName);
    if (queue) {
      const mayStart = () => cloud.storage.state().writable && areQueuesReachable();
      const shares = createShares(limits);
      return runLocalQueue(mapping, { ...deps, queue, region, ownerOf, starting, mayStart, shares });
    }
    if (!cloud.remoteQueues) throw new Error(`there is no queue ${mapping.queueName}`);
    return runQueueMapping({ ...mapping, maximumConcurrency: remoteConcurrency }, { ...deps, sqs: cloud.remoteQueues });
  });
  return {
    streams,
    async stop(graceMs) {
      cloud.stopReading();
      await Promise.all(running.map((mapping) => mapping.stop(graceMs)));
    },
  };
}
