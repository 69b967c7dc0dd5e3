import type { TaskWork } from '@posthorn/core';
import { type BulkReplayPageDeps, createReadBulkReplayPage } from './bulk-replay-page.ts';
import { createReadRecoverPage, type RecoverPageDeps } from './recover-page.ts';
import { createReadReplayPage, type ReplayPageDeps } from './replay-page.ts';
import type { ReadTaskPage } from './run-slice.ts';

/** What each kind of task reads its pages with. */
export const createReaders = (
  deps: RecoverPageDeps & ReplayPageDeps & BulkReplayPageDeps,
): Readonly<Record<TaskWork['kind'], ReadTaskPage>> => ({
  'endpoint.recover': createReadRecoverPage(deps),
  'endpoint.replay': createReadReplayPage(deps),
  'endpoint.bulk-replay': createReadBulkReplayPage(deps),
});
