import { attemptTimeoutMs, throttlePatienceMs, transformPatienceMs } from '@posthorn/core';
import { keyCallLimits } from '@posthorn/secrets/key-call-limits';
import { service } from '../functions.ts';
import { callLimits } from './time-limits.ts';

/** An exchange may end this much later than its time limit. */
const exchangeToleranceMs = 500;
const attemptMs = throttlePatienceMs + transformPatienceMs + attemptTimeoutMs + exchangeToleranceMs;
const exchangeMsOf: Readonly<Record<string, number>> = {
  'deliver-standard': attemptMs,
  'deliver-slow': attemptMs,
  'deliver-fifo': attemptMs,
  'run-tasks': 0,
  'release-due-deliveries': 0,
};

it.each(Object.entries(service.functions))(
  '%s can still report after an exchange and a call that reached their time limits',
  (folder, { timeoutSeconds }) => {
    const exchangeMs = exchangeMsOf[folder];
    if (exchangeMs === undefined) throw new Error(`add the time of an exchange of ${folder} to this test`);
    for (const { tryMs, totalMs } of [callLimits, keyCallLimits]) {
      expect(tryMs).toBeLessThan(totalMs);
      expect(exchangeMs + totalMs).toBeLessThan(timeoutSeconds * 1_000);
    }
  },
);
