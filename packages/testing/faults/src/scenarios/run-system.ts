import { createRandom } from '@posthorn/local-dynamodb';
import type { HostFaultPlan } from '@posthorn/local-host/faults/plan';
import { Svix } from 'svix';
import type { Accepted, Event } from '../history/event.ts';
import { canReadMemory, startSystem, type TestedSystem } from '../system/start-system.ts';
import { type CallApi, createCaller } from '../traffic/call-api.ts';
import { postMessages } from '../traffic/post-messages.ts';
import { prepareTenants, type Tenant, type WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { listPlanned, toPlanned } from './list-planned.ts';
import { type Pace, planPace } from './plan-pace.ts';
import type { Run } from './scenario.ts';
import { settle } from './settle.ts';

/** Appends an event that the test itself has seen. */
export type Observe = (event: Event) => void;

/** What the traffic of a run goes to. */
export interface Users {
  readonly call: CallApi;
  readonly tenants: readonly Tenant[];
  /** What was accepted so far. */
  readonly accepted: readonly Accepted[];
}

export interface SystemRun {
  readonly plan: Omit<HostFaultPlan, 'seed'>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly endpoints: readonly WantedEndpoint[];
  /** The rate for few messages. */
  readonly perSecond?: number;
  /** What else happens while messages are posted. Posting goes on until it is over. */
  readonly trouble?: (system: TestedSystem, observe: Observe, pace: Pace, users: Users) => Promise<void>;
  /** What else must happen than what the plan asks for. A name that is there twice must happen twice. */
  readonly expects?: readonly string[];
  /** What happens when all messages were posted. */
  readonly afterwards?: (system: TestedSystem, observe: Observe, users: Users) => Promise<void>;
  /** How long it may take until the rest of few messages has been delivered. */
  readonly settleMs: number;
}

const tenants = 3;
const keys = 24;
const defaultPerSecond = 60;
const lookEveryMs = 1_000;
const sayEveryMs = 5_000;

/** Runs a system with faults and traffic until all that was accepted is delivered and counted. */
export async function runSystem({ seed, messages, say }: Run, given: SystemRun): Promise<readonly Event[]> {
  const {
    plan,
    environment,
    endpoints,
    perSecond = defaultPerSecond,
    expects = [],
    trouble,
    afterwards,
    settleMs,
  } = given;
  const pace = planPace({ messages, perSecond, settleMs });
  const least = trouble ? 'at least ' : '';
  say(`posts ${least}${messages} messages, up to ${pace.perSecond} a second: ${Math.round(pace.seconds)} s or more`);
  const system = await startSystem({ seed, ...plan }, environment);
  const { url, token, receiverUrl } = system;
  const accepted: Accepted[] = [];
  const observed: Event[] = [];
  const observe: Observe = (event) => observed.push(event);
  const memory = watchMemory(system);
  const progress = setInterval(
    () =>
      say(
        `${accepted.length} of ${messages} accepted, ${system.received().length} requests, ${killsOf(system, observed)} kills`,
      ),
    sayEveryMs,
  );
  try {
    const svix = new Svix(token, { serverUrl: url });
    const prepared = await prepareTenants(svix, { tenants, endpoints, receiverUrl });
    const users = { call: createCaller({ url, token }), tenants: prepared, accepted };
    await system.endCalm();
    let isOver = trouble === undefined;
    const posting = postMessages({
      url,
      token,
      tenants: prepared,
      keys,
      perSecond: pace.perSecond,
      random: createRandom(seed),
      isEnough: (posted) => isOver && posted >= messages,
      onAccepted: (event) => accepted.push(event),
    });
    const troubling = trouble?.(system, observe, pace, users).finally(() => {
      isOver = true;
    });
    await Promise.all([posting, troubling]);
    const sources = { system, svix, tenants: prepared, accepted, observed };
    await afterwards?.(system, observe, users);
    const history = await settle(sources, pace.settleMs, say);
    const planned = [...listPlanned(plan), ...toPlanned(expects)];
    if (!canReadMemory) say('the memory of the host is not checked: this operating system has no /proc/self/status');
    const most: readonly Event[] = canReadMemory ? [{ kind: 'memory', process: 'host', bytes: memory.most() }] : [];
    return [...history, ...planned, ...most];
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

const killsOf = (system: TestedSystem, observed: readonly Event[]): number =>
  [...system.journal(), ...observed].filter(({ kind }) => kind === 'killed').length;

function watchMemory(system: TestedSystem) {
  let most = 0;
  const timer = setInterval(async () => {
    // While the host starts again, there is none. If no read ever succeeds, the checker finds that.
    most = Math.max(most, await system.hostMemory().catch(() => 0));
  }, lookEveryMs);
  return { most: () => most, stop: () => clearInterval(timer) };
}
