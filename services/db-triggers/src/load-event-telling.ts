import { createEventTelling } from '@posthorn/intake';
import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { loadAcceptingDeps } from './accepting-deps.ts';
import type { FunctionHost } from './function-host.ts';

/** What a trigger needs that tells organisations what happened, by operational webhooks. */
export function loadEventTelling(host: FunctionHost) {
  const { store, accepting } = loadAcceptingDeps(host);
  return { store, beginTelling: createEventTelling({ ...accepting, listEndpoints: createListForFanOut(store) }) };
}
