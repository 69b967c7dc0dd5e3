import { setTimeout as wait } from 'node:timers/promises';
import { queueName, tableName } from '@posthorn/contracts';
import type { PlannedKill } from '@posthorn/local-host/faults/plan';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { ofKind } from '../history/event.ts';
import { nameOfJump, nameOfKill } from '../history/fault-names.ts';
import { anyTime, type TestedSystem } from '../system/start-system.ts';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import type { WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { planPace, roundsIn } from './plan-pace.ts';
import { type Observe, runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

const minuteMs = 60_000;
/** Never before the start: a token is refused before the time at which it was issued. */
const jumps = [5, 10, 5, 0, 5, 0].map((minutes) => minutes * minuteMs);
const betweenJumpsMs = 2_000;
const [perSecond, settleMs] = [12, 150_000];
/** Once more for each time that this passes. All jumps and the outage take a third of it. */
const roundSeconds = 60;

/** The outage of the queues takes ten minutes by the system's clock, a hundredth of that in fact. */
const outageMinutes = 10;
const outageStepMs = 600;

/** Its second retry is due after 20 minutes, so it waits in the due table. */
const retrySchedule = '1,1200,1,1';
const late: WantedEndpoint = { name: 'late', order: 'none', behaviour: 'sometimes-500', times: 2, expects: 'accepts' };

const releasing = 'releaseDueDeliveries';
const send = {
  gate: 'queues',
  function: releasing,
  operation: 'SendMessageBatch',
  target: queueName(localStage, 'deliveries'),
} as const;
const remove = {
  gate: 'tables',
  function: releasing,
  operation: 'BatchWriteItem',
  target: tableName(localStage, 'due-deliveries'),
} as const;
/** A started host releases at once what is due, so each kill leads to the next one. */
const kills: readonly PlannedKill[] = [
  { step: 'release: before send', point: { ...send, when: 'before' }, nth: 1 },
  { step: 'release: after send', point: { ...send, when: 'after' }, nth: 1 },
  { step: 'release: before delete', point: { ...remove, when: 'before' }, nth: 1 },
  { step: 'release: after delete', point: { ...remove, when: 'after' }, nth: 1 },
];
/** A busy machine needs that long to start the host four times. */
const releaseLimitMs = 300_000;
const lookEveryMs = 100;
const dueAfterMs = 25 * minuteMs;
/** The process looks at its clock file every 50 ms. */
const untilMovedMs = 200;
const quietMs = 5_000;
const mostMoves = 6;

export const clock: Scenario = {
  name: 'clock',
  about: 'the clock jumps by five minutes, the queues are away for ten, and what is due much later is released',
  run(run) {
    const rounds = roundsIn(planPace({ ...run, perSecond, settleMs }), roundSeconds);
    return runSystem(run, {
      plan: { kills, hiddenSeconds: 8 },
      environment: { POSTHORN_RETRY_SCHEDULE: retrySchedule },
      endpoints: [...goodEndpoints, late],
      perSecond,
      settleMs,
      expects: [
        ...Array.from({ length: rounds }, () => jumps.map((ms) => nameOfJump(ms / minuteMs))).flat(),
        'queues: unreachable',
        nameOfKill(anyTime),
        nameOfKill(anyTime),
      ],
      async trouble(system, observe, { seconds }) {
        const startedAt = performance.now();
        for (let round = 0; round < rounds; round += 1) {
          await wait(Math.max(0, startedAt + (round * seconds * 1_000) / rounds - performance.now()));
          await jumpAndReturn(system);
        }
        await release(system, observe);
      },
      async afterwards(system, observe) {
        // On a busy machine some of the first retries may not be over when the clock moves.
        for (let moves = 0; moves === 0 || (moves < mostMoves && isAnyRefused(system)); moves += 1) {
          await untilQuiet(system);
          await moveOn(system, observe);
          await untilQuiet(system);
        }
      },
    });
  },
};

/** Resolves when no request comes: the first retries are over, and the second ones are in the due table. */
async function untilQuiet(system: TestedSystem): Promise<void> {
  for (let seen = -1; system.received().length > seen; await wait(quietMs)) seen = system.received().length;
}

/** Whether a message was refused by an endpoint that has not accepted it since. */
function isAnyRefused(system: TestedSystem): boolean {
  const refused = new Set<string>();
  for (const { path, messageId, answer } of ofKind(system.received(), 'received'))
    if (answer === 'accepted') refused.delete(`${path} ${messageId}`);
    else refused.add(`${path} ${messageId}`);
  return refused.size > 0;
}

/** The clock jumps and comes back, then it moves on while the queues are away. */
async function jumpAndReturn(system: TestedSystem): Promise<void> {
  for (const ms of jumps) {
    await wait(betweenJumpsMs);
    system.moveClock(ms);
  }
  await system.setQueuesReachable(false);
  for (let minute = 1; minute <= outageMinutes; minute += 1) {
    await wait(outageStepMs);
    system.moveClock(minute * minuteMs);
  }
  await system.setQueuesReachable(true);
}

/** What is due in twenty minutes is released now, while the host is killed. */
async function release(system: TestedSystem, observe: Observe): Promise<void> {
  await wait(betweenJumpsMs);
  await moveOn(system, observe);
  const deadline = performance.now() + releaseLimitMs;
  const done = () => system.journal().filter(({ kind }) => kind === 'killed').length;
  while (done() < kills.length) {
    if (performance.now() > deadline) throw new Error(`the step is never reached: ${kills[done()]?.step}`);
    await wait(lookEveryMs);
  }
}

/** Moves the clock to when everything in the due table is due. The release runs every minute, and when the host starts. */
async function moveOn(system: TestedSystem, observe: Observe): Promise<void> {
  system.moveClock(system.clock() + dueAfterMs);
  await wait(untilMovedMs);
  await system.killHost(observe);
}
