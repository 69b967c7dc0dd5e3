import type { FunctionEvent } from '@posthorn/deployment';
import type { LoadedFunction } from '../functions/load-functions.ts';

export const aFunction = (
  key: string,
  events: readonly FunctionEvent[] = [],
  handle: (event: never) => Promise<unknown> = async () => undefined,
): LoadedFunction => ({
  service: 'test',
  key,
  definition: { timeoutSeconds: 10, memoryMb: 128, events, permissions: [] },
  // Each test's handler takes the events of its test.
  handle: handle as (event: unknown) => Promise<unknown>,
});
