import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@posthorn/local-dynamodb';
import type { HostFaultPlan } from '@posthorn/local-host/faults/plan';
import { Svix } from 'svix';
import { checkHistory } from '../check/check-history.ts';
import type { Promised } from '../check/violation.ts';
import { collect, type Sources } from '../history/collect.ts';
import type { Accepted, Event } from '../history/event.ts';
import { startSystem, type TestedSystem } from '../system/start-system.ts';
import { postMessages } from '../traffic/post-messages.ts';
import { prepareTenants, type WantedEndpoint } from '../traffic/prepare-tenants.ts';
import type { Run } from './scenario.ts';

export interface SystemRun {
  readonly plan: Omit<HostFaultPlan, 'seed'>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly endpoints: readonly WantedEndpoint[];
  readonly perSecond?: number;
  /** What else happens while messages are posted. Posting goes on until it is over. */
  readonly trouble?: (system: TestedSystem, posted: () => number) => Promise<void>;
  /** What happens when all messages were posted, such as the end of an outage. */
  readonly afterwards?: (system: TestedSystem) => Promise<void>;
  /** How long it may take until the rest has been delivered. */
  readonly settleMs: number;
}

const tenants = 3;
const keys = 24;
const defaultPerSecond = 60;
const lookEveryMs = 1_000;
const sayEveryMs = 5_000;

/** Runs a system with faults and traffic until all that was accepted is delivered and counted. */
export async function runSystem({ seed, messages, say }: Run, given: SystemRun): Promise<readonly Event[]> {
  const { plan, environment, endpoints, perSecond = defaultPerSecond, trouble, afterwards, settleMs } = given;
  const system = await startSystem({ seed, ...plan }, environment);
  const { url, token, receiverUrl } = system;
  const accepted: Accepted[] = [];
  const memory = watchMemory(system);
  const progress = setInterval(
    () => say(`${accepted.length} accepted, ${system.received().length} requests, ${killsOf(system)} kills`),
    sayEveryMs,
  );
  try {
    const svix = new Svix(token, { serverUrl: url });
    const prepared = await prepareTenants(svix, { tenants, endpoints, receiverUrl });
    let isOver = trouble === undefined;
    const posting = postMessages({
      url,
      token,
      tenants: prepared,
      keys,
      perSecond,
      random: createRandom(seed),
      isEnough: (posted) => isOver && posted >= messages,
      onAccepted: (event) => accepted.push(event),
    });
    const troubling = trouble?.(system, () => accepted.length).finally(() => {
      isOver = true;
    });
    await Promise.all([posting, troubling]);
    await afterwards?.(system);
    const history = await settle({ system, svix, tenants: prepared, accepted }, settleMs);
    return [...history, { kind: 'memory', process: 'host', bytes: memory.most() }];
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${system.output().slice(-4_000)}`, {
      cause: error,
    });
  } finally {
    clearInterval(progress);
    memory.stop();
    await system.stop();
  }
}

const killsOf = (system: TestedSystem): number => system.journal().filter(({ kind }) => kind === 'killed').length;

/** What is not so before everything has settled. */
const unsettled: readonly Promised[] = ['lost', 'statistics', 'unexplained'];

async function settle(sources: Sources, settleMs: number): Promise<readonly Event[]> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    // While the host starts again, nothing can be read.
    const history = await collect(sources).catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
    });
    const isSettled =
      history !== undefined && !checkHistory(history).violations.some(({ promise }) => unsettled.includes(promise));
    if (history && (isSettled || performance.now() > deadline)) return history;
    await wait(lookEveryMs);
  }
}

function watchMemory(system: TestedSystem) {
  let most = 0;
  const timer = setInterval(async () => {
    most = Math.max(most, await system.hostMemory().catch(() => 0));
  }, lookEveryMs);
  return { most: () => most, stop: () => clearInterval(timer) };
}
