import { setTimeout as wait } from 'node:timers/promises';
import { maxTries, retryPauseMs } from '@posthorn/aws-calls/retry-strategy';
import type { QueueFaults } from './fault-plan.ts';

export interface QueueFaultDeps {
  readonly faults: QueueFaults;
  readonly random: () => number;
  readonly isUnreachable: () => boolean;
  readonly report: (fault: string) => void;
}

/** Runs calls of the queues with faults, and with the retries that the SDK makes. */
export type AroundCall = <Result>(call: () => Promise<Result>) => Promise<Result>;

export function createFaultyQueues({ faults, random, isUnreachable, report }: QueueFaultDeps): AroundCall {
  const strikes = (share = 0): boolean => share > 0 && random() < share;

  async function attempt<Result>(call: () => Promise<Result>): Promise<Result> {
    if (isUnreachable()) throw failWith('unreachable', report);
    if (strikes(faults.throttle)) throw failWith('throttle', report);
    if (strikes(faults.error)) throw failWith('error', report);
    const result = await call();
    if (strikes(faults.lostAnswer)) throw failWith('lost-answer', report);
    return result;
  }

  return async (call) => {
    if (strikes(faults.giveUp)) throw failWith('give-up', report);
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(call);
      } catch (error) {
        if (!(error instanceof CausedFault) || tries === maxTries) throw error;
        await wait(retryPauseMs(tries, random()));
      }
    }
  };
}

const failures = {
  throttle: { name: 'RequestThrottled', code: 'RequestThrottled', message: 'Request is throttled.' },
  error: { name: 'InternalFailure', code: 'InternalFailure', message: 'The request failed with an internal error.' },
  'lost-answer': { name: 'TimeoutError', code: 'ECONNRESET', message: 'socket hang up' },
  'give-up': { name: 'InternalFailure', code: 'InternalFailure', message: 'The request failed at each try.' },
  unreachable: { name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
} as const;

/** A failure as the SDK would throw it. */
class CausedFault extends Error {
  readonly code: string;
  readonly $fault = 'server';

  constructor(kind: keyof typeof failures) {
    super(failures[kind].message);
    this.name = failures[kind].name;
    this.code = failures[kind].code;
  }
}

function failWith(kind: keyof typeof failures, report: QueueFaultDeps['report']): CausedFault {
  report(kind);
  return new CausedFault(kind);
}
