import { shareRunning } from '@posthorn/core/memory/share-running';
import {
  type AttemptDeps,
  createFindRetrySchedule,
  createPlanWake,
  createProbeAgain,
  createSendMessage,
} from '@posthorn/delivering';
import { createEgress } from '@posthorn/egress';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createDataKeyRepository } from '@posthorn/models/data-keys';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createDueDeliveryRepository } from '@posthorn/models/due-deliveries';
import { createEndpointHealthRepository } from '@posthorn/models/endpoint-health';
import { createDisableEndpoint, createFindEndpoint } from '@posthorn/models/endpoint-reads';
import { createHasApplication } from '@posthorn/models/has-application';
import { createJobRunRepository } from '@posthorn/models/job-runs';
import { createFindStoredMessage } from '@posthorn/models/messages';
import { createRetryScheduleRepository } from '@posthorn/models/retry-schedules';
import { createLog, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue } from '@posthorn/queues';
import { createSecretBox, sealingKeyOf } from '@posthorn/secrets/secret-box';
import { readWorkerConfiguration } from './configuration.ts';
import { forgetRemoved } from './forget-removed.ts';
import type { FunctionHost } from './function-host.ts';
import { createPlanAgain } from './plan-again.ts';
import { createWorkerGate, type Worker } from './worker-gate.ts';

/** What both workers need to make attempts, created once at cold start. */
export function loadAttemptDeps(worker: Worker, host: FunctionHost) {
  const configuration = readWorkerConfiguration(host.environment);
  const { stage, retrySchedule } = configuration;
  const client = host.tables;
  const retention = {
    successDays: configuration.successRetentionDays,
    failureDays: configuration.failureRetentionDays,
  };
  const attempts = createAttemptRepository({ client, stage, retention, deflateFrom: configuration.deflateFrom });
  const { nameServers, egressProxy } = configuration;
  const egress = createEgress({
    ...configuration,
    names: { servers: nameServers },
    ...(egressProxy !== undefined && { proxy: egressProxy }),
  });
  const box = createSecretBox({
    key: sealingKeyOf(configuration),
    dataKeys: createDataKeyRepository({ client, stage }),
  });
  const dueDeliveries = createDueDeliveryRepository({ client, stage });
  const queue = createDeliveriesQueue({ client: host.queues, stage });
  const replaceHealth = createEndpointHealthRepository({ client, stage }).replace;
  const planWake = createPlanWake({
    insertWake: dueDeliveries.insertWake,
    sendWakes: queue.sendWakes,
    clock: systemClock,
  });
  const findEndpoint = createFindEndpoint({ client, stage });
  const log = createLog(worker);
  const counters = host.createCounters(worker);
  const deps: AttemptDeps = {
    // The jobs of a batch often have one endpoint. They are done at the same time.
    findEndpoint: shareRunning(findEndpoint),
    findMessage: createFindStoredMessage({ client, stage }),
    findAttempt: attempts.find,
    recordAttempt: attempts.record,
    mayAttempt: createWorkerGate(worker, { client, stage }, { replaceHealth, planWake }),
    probeAgain: createProbeAgain({ findEndpoint, replaceHealth, planWake, clock: systemClock }),
    sendMessage: createSendMessage({
      clock: systemClock,
      open: box.open,
      transform: host.transform,
      send: egress.send,
    }),
    findRetrySchedule: createFindRetrySchedule({
      findOverrides: createRetryScheduleRepository({ client, stage }).findOverrides,
      installation: retrySchedule,
      now: Date.now,
      log,
    }),
    clock: systemClock,
    jitter: Math.random,
    log,
    counters,
  };
  const hasApplication = createHasApplication({ client, stage });
  const deliveries = forgetRemoved(createDeliveryRepository({ client, stage, retention }), hasApplication);
  const { sendFifo, sendStandard } = queue;
  return {
    stage,
    client,
    retention,
    deps,
    dueDeliveries,
    queue,
    replaceHealth,
    planWake,
    deliveries,
    hasApplication,
    planAgain: createPlanAgain({ ...deps, sendFifo, sendStandard, storeDelivery: deliveries.put }),
    jobRuns: createJobRunRepository({ client, stage }),
    listAttempts: attempts.listByMessage,
    disableEndpoint: createDisableEndpoint({ client, stage }),
    log,
    counters,
  };
}
