import { existsSync } from 'node:fs';
import { createRandom, type Faults as TableFaults } from '@posthorn/local-dynamodb';
import { createFaults, type Faults } from '@posthorn/local-event-sources';
import type { TablesClient } from '@posthorn/models/client';
import type { QueuesClient } from '@posthorn/queues';
import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';
import { type HostFaultPlan, readFaultFiles } from './fault-plan.ts';
import { type AroundCall, createFaultyQueues } from './faulty-queues.ts';
import { openJournal, readJournal } from './journal.ts';
import { createKillPoints, type Reach } from './kill-points.ts';
import { type Command, readCommand } from './read-command.ts';
import { reportFaults } from './report-faults.ts';
import { createCallWatch, type WatchCall } from './watch-calls.ts';
import { watchClock } from './watch-clock.ts';
import { createInvocationWatch } from './watch-invocations.ts';
import { watchRequests } from './watch-requests.ts';

interface Clients {
  readonly tables: TablesClient;
  readonly queues: QueuesClient;
}

/** What the host puts around its functions while a fault plan is in force. The functions do not notice it. */
export interface FaultHooks {
  readonly plan: HostFaultPlan;
  readonly eventSources: Faults;
  readonly areQueuesUnreachable: () => boolean;
  /** Lets calls of the tables fail as planned, as soon as calls may fail. */
  failTables(faults: TableFaults): void;
  /** The function with the time limit of the plan. */
  limit(one: LoadedFunction): LoadedFunction;
  /** The clients of one function. */
  wrapClients(functionKey: string, clients: Clients): Clients;
  wrapInvoke(one: Pick<LoadedFunction, 'key' | 'definition'>, invoke: Invoke): Invoke;
}

/**
 * Opens the hooks of the plan that the environment names. Without one there are none, and nothing costs anything.
 *
 * @param attempts - the name of the table of attempts
 */
export function openFaultHooks(environment: NodeJS.ProcessEnv, attempts: string): FaultHooks | undefined {
  const files = readFaultFiles(environment);
  if (files === undefined) return undefined;
  const { plan, journal: path, workJournal, queuesUnreachable, calm } = files;
  const [journal, workLog] = [openJournal(path), openJournal(workJournal)];
  const before = readJournal(path);
  const killsDone = before.filter(({ kind }) => kind === 'killed').length;
  const start = before.filter(({ kind }) => kind === 'started').length + 1;
  journal.add({ kind: 'started', pid: process.pid });
  const die = (step: string) => {
    journal.add({ kind: 'killed', step });
    process.kill(process.pid, 'SIGKILL');
    // The signal may arrive some microseconds later. Nothing must happen until then.
    for (;;);
  };
  const reach = createKillPoints(plan.kills ?? [], { done: killsDone, die });
  // Each process draws other numbers: otherwise each would fail at the same calls.
  const seed = plan.seed + (start - 1) * seedsApart;
  const random = createRandom(seed);
  const areQueuesUnreachable = () => existsSync(queuesUnreachable);
  watchRequests(reach, { journal, workLog });
  watchClock(journal);
  const watchCall = createCallWatch(workLog, attempts);
  return {
    plan,
    areQueuesUnreachable,
    failTables: (faults) =>
      whenGone(calm, () =>
        faults.set({ seed, rules: plan.tables ?? [] }, (fault, operation) =>
          journal.add({ kind: 'call-failed', of: 'tables', fault, operation }),
        ),
      ),
    eventSources: reportFaults(
      createFaults(plan.eventSources ?? {}, { random, die: () => die('after an effect') }),
      (fault) => journal.add({ kind: 'event-source', fault }),
    ),
    limit: (one) => withTimeLimit(one, plan.timeLimits?.[one.key]),
    wrapInvoke: createInvocationWatch({ journal, workLog, reach, start }).wrap,
    wrapClients: (key, { tables, queues }) => ({
      tables: wrapClient(tables, { gate: 'tables', key, reach, watchCall, around: () => (call) => call() }),
      queues: wrapClient(queues, {
        gate: 'queues',
        key,
        reach,
        watchCall,
        around: (operation) =>
          createFaultyQueues({
            faults: existsSync(calm) ? {} : (plan.queues ?? {}),
            random,
            isUnreachable: areQueuesUnreachable,
            report: (fault) => journal.add({ kind: 'call-failed', of: 'queues', fault, operation }),
          }),
      }),
    }),
  };
}

const withTimeLimit = (one: LoadedFunction, timeoutSeconds: number | undefined): LoadedFunction =>
  timeoutSeconds === undefined ? one : { ...one, definition: { ...one.definition, timeoutSeconds } };

const lookEveryMs = 50;
/** The seeds of two processes of a run differ by this, those of two runs by less. */
const seedsApart = 1_000_003;

function whenGone(file: string, begin: () => void): void {
  if (existsSync(file)) setTimeout(() => whenGone(file, begin), lookEveryMs).unref();
  else begin();
}

interface Wrapping {
  readonly gate: 'tables' | 'queues';
  readonly key: string;
  readonly reach: Reach;
  readonly watchCall: WatchCall;
  readonly around: (operation: string) => AroundCall;
}

/** The same client with another `send`. */
function wrapClient<Client extends { send: unknown }>(
  client: Client,
  { gate, key, reach, watchCall, around }: Wrapping,
): Client {
  // Both clients have the SDK's `send`, which has an overload for each command.
  const inner = client.send as (this: Client, command: Command, ...rest: readonly unknown[]) => Promise<unknown>;
  const send = async (command: Command, ...rest: readonly unknown[]) => {
    const point = { gate, function: key, ...readCommand(command) };
    reach({ ...point, when: 'before' });
    const { operation, target } = point;
    let result: unknown;
    try {
      result = await around(operation)(() => inner.call(client, command, ...rest));
    } catch (error) {
      watchCall({ command, operation, target, error });
      throw error;
    }
    watchCall({ command, operation, target });
    reach({ ...point, when: 'after' });
    return result;
  };
  return Object.create(client, { send: { value: send } });
}
