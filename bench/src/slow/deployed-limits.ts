import { service } from '../../../services/queue-workers/functions.ts';

/** The limits of a queue's function. */
export interface DeployedQueue {
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly memoryMb: number;
}

function limitsOf(folder: string): DeployedQueue {
  const definition = service.functions[folder];
  const event = definition?.events.find(({ kind }) => kind === 'queue');
  if (!definition || event?.kind !== 'queue') throw new Error(`no queue invokes the function ${folder}`);
  const { batchSize, maximumConcurrency } = event;
  return { batchSize, maximumConcurrency, memoryMb: definition.memoryMb };
}

/** The limits of the deployment. */
export const deployed = {
  standard: limitsOf('deliver-standard'),
  slow: limitsOf('deliver-slow'),
  fifo: limitsOf('deliver-fifo'),
};
