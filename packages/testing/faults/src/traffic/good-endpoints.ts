import type { WantedEndpoint } from './prepare-tenants.ts';

/** Endpoints that accept, some of them after a failure. */
export const goodEndpoints: readonly WantedEndpoint[] = [
  { name: 'plain', order: 'none', behaviour: 'accept', expects: 'accepts' },
  { name: 'flaky', order: 'none', behaviour: 'status-500', times: 1, expects: 'accepts' },
  { name: 'keys', order: 'key', behaviour: 'accept', expects: 'accepts' },
  { name: 'flaky-keys', order: 'key', behaviour: 'status-500', times: 1, expects: 'accepts' },
];
