import { queueName, tableName } from '@posthorn/contracts';
import type { PlannedKill, Point } from '@posthorn/local-host/faults/plan';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import type { WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { untilKilled } from './kills.ts';
import { planPace, roundsIn } from './plan-pace.ts';
import { runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

const [standard, slowly, fifo, trigger] = ['deliverStandard', 'deliverSlow', 'deliverFifo', 'onAttemptInserted'];
const [table, queue] = [
  (name: Parameters<typeof tableName>[1]) => tableName(localStage, name),
  (name: Parameters<typeof queueName>[1]) => queueName(localStage, name),
];
const endpoints = { gate: 'tables', operation: 'UpdateItem', target: table('endpoints') } as const;
const held = { gate: 'tables', operation: 'PutItem', target: table('deliveries') } as const;
const line = { gate: 'tables', operation: 'Query', target: table('deliveries') } as const;
const groups = { gate: 'tables', target: table('groups') } as const;
const records = { gate: 'tables', operation: 'PutItem', target: table('attempts') } as const;
const jobs = { gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries') } as const;
const slowJobs = { gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries-slow') } as const;
const orderedJobs = { gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries.fifo') } as const;

const around = (step: string, point: Omit<Point, 'when'>): readonly PlannedKill[] =>
  (['before', 'after'] as const).map((when) => ({ step: `${step}: ${when}`, point: { ...point, when }, nth: 1 }));

/** In the order in which a slow endpoint comes to them. */
const ofSlow: readonly PlannedKill[] = [
  ...around('slow: send on', { ...slowJobs, function: standard }),
  ...around('slow: fan-out', { ...slowJobs, function: 'onMessageInserted' }),
  ...around('slow: take a job', { gate: 'invoke', function: slowly }),
  ...around('slow: record', { ...records, function: slowly }),
  ...around('hand over', { ...orderedJobs, function: fifo, row: 'wake-1' }),
];
/** In the order in which a breaker comes to them, while endpoints are down and then when they are back. */
const duringOutage: readonly PlannedKill[] = [
  ...around('breaker: open', { ...endpoints, function: trigger, row: 'breaker' }),
  ...around('breaker: hold', { ...held, function: standard, row: 'endpoint-failing' }),
  ...around('breaker: hold a group', {
    ...groups,
    operation: 'TransactWriteItems',
    function: fifo,
    row: 'endpoint-failing',
  }),
];
const afterOutage: readonly PlannedKill[] = [
  ...around('breaker: a group is the probe', { ...endpoints, function: fifo, row: 'breaker' }),
  ...around('breaker: read what is held', { ...line, function: standard }),
  ...around('breaker: send what was held', { ...jobs, function: standard }),
  ...around('breaker: read the groups', { ...groups, operation: 'Query', function: standard }),
  ...around('breaker: wake the groups', { ...orderedJobs, function: standard, row: 'wake' }),
];

const down = { behaviour: 'down', expects: 'accepts' } as const;
const troubled: readonly WantedEndpoint[] = [
  { ...down, name: 'down', order: 'none' },
  { ...down, name: 'down-keys', order: 'key' },
  // Some messages fail once. Their retries wait on the standard queue when the endpoint is found to be slow.
  { name: 'slow', order: 'none', behaviour: 'slow', times: 1, expects: 'accepts' },
  // Not slow enough for a limit of its own.
  { name: 'lazy-keys', order: 'key', behaviour: 'lazy', times: 1, expects: 'accepts' },
];
/** A worker begins no attempt with less than 28 s left. So it hands a group over after two lazy ones. */
const fifoSeconds = 32;
/** All attempts of a message must not be over before the endpoint is back. */
const retrySchedule = '2,2,4,8,16,32,64';

const [perSecond, settleMs] = [8, 180_000];
/** About the time of an outage with its kills. */
const outageSeconds = 240;
/** A probe that fails is followed by another one after minutes. */
const patienceMs = 300_000;

export const breaker: Scenario = {
  name: 'breaker',
  about:
    'an endpoint is slow, and two are down until their breakers have opened; the host is killed at each step of that',
  run(run) {
    const rounds = roundsIn(planPace({ ...run, perSecond, settleMs }), outageSeconds);
    const outages = Array.from({ length: rounds }, (_, round) => [
      ...(round === 0 ? ofSlow : []),
      ...duringOutage,
      ...afterOutage,
    ]);
    const kills = outages.flat();
    return runSystem(run, {
      plan: { kills, timeLimits: { [fifo]: fifoSeconds } },
      environment: { POSTHORN_RETRY_SCHEDULE: retrySchedule },
      endpoints: [...goodEndpoints, ...troubled],
      perSecond,
      settleMs,
      async trouble(system) {
        await untilKilled(system, ofSlow, patienceMs);
        for (const [round] of outages.entries()) {
          const end = outages.slice(0, round + 1).flat().length;
          await system.setOutage(true);
          await untilKilled(system, kills.slice(0, end - afterOutage.length), patienceMs);
          await system.setOutage(false);
          await untilKilled(system, kills.slice(0, end), patienceMs);
        }
      },
    });
  },
};
