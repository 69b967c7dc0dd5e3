import type { EndpointWork } from '@posthorn/core';
import { type BulkReplayPageDeps, createReadBulkReplayPage } from './bulk-replay-page.ts';
import { createReadRecoverPage, type RecoverPageDeps } from './recover-page.ts';
import { createReadReplayPage, type ReplayPageDeps } from './replay-page.ts';
import type { ReadTaskPage } from './run-endpoint-slice.ts';

/** What each kind of an endpoint's task reads its pages with. */
export const createReaders = (
  deps: RecoverPageDeps & ReplayPageDeps & BulkReplayPageDeps,
): Readonly<Record<EndpointWork['kind'], ReadTaskPage>> => ({
  'endpoint.recover': createReadRecoverPage(deps),
  'endpoint.replay': createReadReplayPage(deps),
  'endpoint.bulk-replay': createReadBulkReplayPage(deps),
});
