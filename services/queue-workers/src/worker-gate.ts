import { setTimeout as sleep } from 'node:timers/promises';
import { slowInOrderRate } from '@posthorn/core';
import {
  askAll,
  type BreakerGateDeps,
  createBreakerGate,
  createReserveTogether,
  createThrottleGate,
  holdGate,
  slowGate,
} from '@posthorn/delivering';
import { createFindApplicationRate } from '@posthorn/models/application-rates';
import type { TablesClient } from '@posthorn/models/client';
import { createThrottleRepository } from '@posthorn/models/throttles';
import { systemClock } from '@posthorn/platform';
import { rememberRates } from './application-rates.ts';

export type Worker = 'deliver-standard' | 'deliver-slow' | 'deliver-fifo';

/**
 * What a worker asks before it sends. Only the worker that all endpoints share sends slow ones away, before a delivery
 * becomes a probe of the breaker, or takes its turn. The one of the FIFO queue, which all destinations share, keeps slow
 * ones to a rate.
 */
export function createWorkerGate(
  worker: Worker,
  store: { readonly client: TablesClient; readonly stage: string },
  breaker: BreakerGateDeps,
) {
  const breakerGate = createBreakerGate(breaker);
  const throttleGate = createThrottleGate({
    reserve: createReserveTogether(createThrottleRepository(store).reserve, systemClock),
    findApplicationRate: rememberRates(createFindApplicationRate(store), Date.now),
    clock: systemClock,
    sleep,
    ...(worker === 'deliver-fifo' && { slowRate: slowInOrderRate }),
  });
  return worker === 'deliver-standard'
    ? askAll(holdGate, slowGate, breakerGate, throttleGate)
    : askAll(breakerGate, throttleGate);
}
