import { service } from '../functions.ts';
import { callLimits } from './time-limits.ts';

it.each(Object.entries(service.functions))('%s can report after a call that took all its time', (_, definition) => {
  expect(callLimits.tryMs).toBeLessThan(callLimits.totalMs);
  expect(callLimits.totalMs).toBeLessThan(definition.timeoutSeconds * 1_000);
});
