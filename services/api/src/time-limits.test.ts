import { service } from '../functions.ts';
import { answerEarlyMs, callLimits } from './time-limits.ts';

const apiGatewayWaitsSeconds = 30;

it.each(Object.entries(service.functions))(
  '%s can still answer after a call that reached its time limit',
  (_, definition) => {
    expect(callLimits.tryMs).toBeLessThan(callLimits.totalMs);
    expect(callLimits.totalMs).toBeLessThan(definition.timeoutSeconds * 1_000 - answerEarlyMs);
    expect(definition.timeoutSeconds).toBeLessThan(apiGatewayWaitsSeconds);
  },
);
