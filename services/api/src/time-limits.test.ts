import { maxPollWaitSeconds } from '@posthorn/contracts/api/poller';
import { service } from '../functions.ts';
import { holdReserveMs } from './poller/hold-poll.ts';
import { answerEarlyMs, callLimits, pollerTimeoutSeconds } from './time-limits.ts';

const apiGatewayWaitsSeconds = 30;

it('a poll that was held for as long as possible can still be read and answered', () => {
  expect(holdReserveMs).toBeGreaterThan(answerEarlyMs);
  expect(maxPollWaitSeconds * 1_000 + holdReserveMs).toBeLessThan(pollerTimeoutSeconds * 1_000);
});

it.each(Object.entries(service.functions))(
  '%s can still answer after a call that reached its time limit',
  (_, definition) => {
    expect(callLimits.tryMs).toBeLessThan(callLimits.totalMs);
    expect(callLimits.totalMs).toBeLessThan(definition.timeoutSeconds * 1_000 - answerEarlyMs);
    expect(definition.timeoutSeconds).toBeLessThan(apiGatewayWaitsSeconds);
  },
);
