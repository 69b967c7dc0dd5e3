import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@posthorn/local-dynamodb';
import type { PlannedKill } from '@posthorn/local-host/faults/plan';
import type { TestedSystem } from '../system/start-system.ts';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import type { WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { killSteps } from './kill-steps.ts';
import { planPace, roundsIn } from './plan-pace.ts';
import { runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

/**
 * A step that the traffic does not reach in this time, and with so many requests, is missing in the product or is named
 * wrongly. A busy machine needs longer for them.
 */
const [defaultPatienceMs, patienceRequests] = [60_000, 2_500];
const longestMs = 600_000;
const lookEveryMs = 100;

const [perSecond, settleMs] = [12, 180_000];
/** About the time from one kill to the next one. */
const secondsEach = 3;
/**
 * Some messages use up their attempts. Their groups go on without them. When nothing else is posted any more, messages that
 * fail one after the other would open the breaker, and the rest would take many minutes. So it accepts all of them then.
 */
const skips: WantedEndpoint = {
  name: 'skips',
  order: 'key',
  behaviour: 'seldom-down',
  onExhausted: 'skip',
  expects: 'accepts-or-ends',
};
/** It gets more than this while the host is up, and catches up while it is not. */
const throttled: WantedEndpoint = {
  name: 'throttled',
  order: 'none',
  behaviour: 'accept',
  perSecond: 3,
  expects: 'accepts',
};

export const kills: Scenario = {
  name: 'kills',
  about: 'the host is killed at each named step, one after the other',
  run(run) {
    const random = createRandom(run.seed);
    const pace = planPace({ messages: run.messages, perSecond, settleMs });
    const rounds = roundsIn(pace, killSteps.length * secondsEach);
    const planned = Array.from({ length: rounds }, (_, round) => planRound(random, round)).flat();
    return runSystem(run, {
      plan: { kills: planned },
      endpoints: [...goodEndpoints, skips, throttled],
      perSecond,
      settleMs,
      async trouble(system) {
        await system.setOutage(true);
        await untilKilled(system, planned);
      },
      afterwards: (system) => system.setOutage(false),
    });
  },
};

/** Every step once, in any order. */
const planRound = (random: () => number, round: number): readonly PlannedKill[] =>
  killSteps
    // Groups are through at the beginning, when few messages wait.
    .filter(({ upTo }) => upTo > 1 || round === 0)
    .map(({ step, point, upTo }): PlannedKill & { rank: number } => ({
      step,
      point,
      nth: 1 + Math.floor(random() * upTo),
      rank: upTo === 1 ? 0 : random(),
    }))
    .toSorted((one, other) => one.rank - other.rank);

/**
 * Resolves when all kills have happened.
 *
 * @throws if the next step is not reached, although the system was at work for long enough
 */
export async function untilKilled(
  system: TestedSystem,
  planned: readonly PlannedKill[],
  patienceMs = defaultPatienceMs,
): Promise<void> {
  let done = 0;
  let since = workOf(system);
  while (done < planned.length) {
    await wait(lookEveryMs);
    const now = system.journal().filter(({ kind }) => kind === 'killed').length;
    const work = workOf(system);
    if (now > done) since = work;
    done = now;
    if (work.at - since.at > patienceMs && work.requests - since.requests > patienceRequests)
      throw new Error(`the step is never reached: ${planned[done]?.step}`);
    if (work.at - since.at > longestMs) throw new Error(`no more requests come; the next kill: ${planned[done]?.step}`);
  }
}

const workOf = (system: TestedSystem) => ({ at: performance.now(), requests: system.received().length });
