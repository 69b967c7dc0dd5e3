import { createTally } from './counters/tally.ts';
import { judgeHealth } from './health/judge-health.ts';
import { type Host, type HostObserver, type HostOptions, prepareTables } from './host.ts';
import { createMeasurements } from './metrics/measurements.ts';
import { serveOperator } from './operator.ts';
import { openCloud } from './stores/open-cloud.ts';
import { serveCheckpoints } from './stores/serve-checkpoints.ts';

/**
 * Opens the stores and serves them to the processes that run the functions, with the checkpoints of their streams.
 *
 * @throws what `openCloud` throws, or Node's error if a port is taken
 */
export async function startStores(options: HostOptions, { log }: Pick<HostObserver, 'log'>): Promise<Host> {
  const measurements = options.metrics === undefined ? undefined : createMeasurements();
  const cloud = await openCloud(options, log, { wrap: measurements?.wrap });
  const undo = [() => cloud.close()];
  const stop = async () => {
    for (const close of undo.reverse()) await close();
  };
  try {
    // Nothing is counted here: the functions are in other processes.
    const operator = await serveOperator(options, {
      cloud,
      measurements,
      tally: createTally(),
      invoker: { running: () => 0 },
      health: () => judgeHealth({ storage: cloud.storage.state(), fanOutBehindSince: undefined, now: new Date() }),
      streams: () => [],
      fanOutBehindSince: () => undefined,
    });
    undo.push(operator.stop);
    await prepareTables(cloud, options);
    const checkpoints = await serveCheckpoints({ storage: cloud.storage, ...options });
    undo.push(checkpoints.stop);
    const { control, metrics } = operator;
    return {
      endpoints: cloud.endpoints,
      checkpoints: checkpoints.endpoint,
      runs: [],
      control,
      ...(metrics !== undefined && { metrics }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
