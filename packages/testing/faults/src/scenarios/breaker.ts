import { queueName, tableName } from '@posthorn/contracts';
import type { PlannedKill, Point } from '@posthorn/local-host/faults/plan';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { downEverySeconds } from '../receiver/path.ts';
import { goodEndpoints } from '../traffic/good-endpoints.ts';
import type { WantedEndpoint } from '../traffic/prepare-tenants.ts';
import { untilKilled } from './kills.ts';
import { planPace, roundsIn } from './plan-pace.ts';
import { runSystem } from './run-system.ts';
import type { Scenario } from './scenario.ts';

const [standard, trigger] = ['deliverStandard', 'onAttemptInserted'];
const endpoints = { gate: 'tables', operation: 'UpdateItem', target: tableName(localStage, 'endpoints') } as const;
const held = { gate: 'tables', operation: 'PutItem', target: tableName(localStage, 'deliveries') } as const;
const line = { gate: 'tables', operation: 'Query', target: tableName(localStage, 'deliveries') } as const;
const jobs = { gate: 'queues', operation: 'SendMessageBatch', target: queueName(localStage, 'deliveries') } as const;

const around = (step: string, point: Omit<Point, 'when'>): readonly PlannedKill[] =>
  (['before', 'after'] as const).map((when) => ({ step: `${step}: ${when}`, point: { ...point, when }, nth: 1 }));

/** In the order in which a breaker comes to them. */
const kills: readonly PlannedKill[] = [
  ...around('breaker: open', { ...endpoints, function: trigger }),
  ...around('breaker: hold', { ...held, function: standard }),
  ...around('breaker: read what is held', { ...line, function: standard }),
  ...around('breaker: send what was held', { ...jobs, function: standard }),
];

/** Longer than a breaker takes to open, and shorter than until the first probe. */
const downSeconds = 20;
const down: WantedEndpoint = { name: 'down', order: 'none', behaviour: 'down', times: downSeconds, expects: 'accepts' };
/** All attempts of a message must not be over before the endpoint is back. */
const retrySchedule = '2,2,4,8,16,32,64';

const [perSecond, settleMs] = [8, 180_000];
/** The endpoint is down once in each period. */
const patienceMs = downEverySeconds * 1_000 + 60_000;

export const breaker: Scenario = {
  name: 'breaker',
  about: 'an endpoint is down until its breaker has opened, and the host is killed while it opens, holds and drains',
  run(run) {
    const rounds = roundsIn(planPace({ ...run, perSecond, settleMs }), downEverySeconds);
    const planned = Array.from({ length: rounds }, () => kills).flat();
    return runSystem(run, {
      plan: { kills: planned },
      environment: { POSTHORN_RETRY_SCHEDULE: retrySchedule },
      endpoints: [...goodEndpoints, down],
      perSecond,
      settleMs,
      trouble: (system) => untilKilled(system, planned, patienceMs),
    });
  },
};
