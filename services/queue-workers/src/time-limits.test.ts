import { attemptTimeoutMs } from '@posthorn/core';
import { keyCallLimits } from '@posthorn/secrets/key-call-limits';
import { service } from '../functions.ts';
import { callLimits } from './time-limits.ts';

/** An exchange may end this much later than its time limit. */
const exchangeToleranceMs = 500;
const exchangeMsOf: Readonly<Record<string, number>> = {
  'deliver-standard': attemptTimeoutMs + exchangeToleranceMs,
  'deliver-fifo': attemptTimeoutMs + exchangeToleranceMs,
  'release-due-deliveries': 0,
};

it.each(Object.entries(service.functions))(
  '%s can report after an exchange and a call that took all their time',
  (folder, { timeoutSeconds }) => {
    const exchangeMs = exchangeMsOf[folder];
    if (exchangeMs === undefined) throw new Error(`say how long an exchange of ${folder} takes`);
    for (const { tryMs, totalMs } of [callLimits, keyCallLimits]) {
      expect(tryMs).toBeLessThan(totalMs);
      expect(exchangeMs + totalMs).toBeLessThan(timeoutSeconds * 1_000);
    }
  },
);
