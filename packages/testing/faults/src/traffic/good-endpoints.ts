import type { WantedEndpoint } from './prepare-tenants.ts';

/**
 * Endpoints that accept, some of them after a failure. Few enough messages fail that their breakers stay closed when a host
 * that was dead for some time attempts all that waited.
 */
export const goodEndpoints: readonly WantedEndpoint[] = [
  { name: 'plain', order: 'none', behaviour: 'accept', expects: 'accepts' },
  { name: 'flaky', order: 'none', behaviour: 'sometimes-500', times: 1, expects: 'accepts' },
  { name: 'keys', order: 'key', behaviour: 'accept', expects: 'accepts' },
  { name: 'flaky-keys', order: 'key', behaviour: 'sometimes-500', times: 1, expects: 'accepts' },
];
