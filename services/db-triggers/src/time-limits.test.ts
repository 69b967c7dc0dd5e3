import { service } from '../functions.ts';
import { callLimits } from './time-limits.ts';

it.each(Object.entries(service.functions))(
  '%s can still report after a call that reached its time limit',
  (_, definition) => {
    expect(callLimits.tryMs).toBeLessThan(callLimits.totalMs);
    expect(callLimits.totalMs).toBeLessThan(definition.timeoutSeconds * 1_000);
  },
);
