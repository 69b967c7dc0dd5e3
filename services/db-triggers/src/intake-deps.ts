import type { AcceptMessageDeps, FindTargetDeps } from '@posthorn/intake';
import { orderLeaseMs } from '@posthorn/intake';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createClaimRepository } from '@posthorn/models/claims';
import { createInsertApplication } from '@posthorn/models/insert-application';
import { createMessageRepository } from '@posthorn/models/messages';
import { createRandomBytes, systemClock } from '@posthorn/platform';
import { readTriggerConfiguration } from './configuration.ts';
import type { FunctionHost } from './function-host.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** What a trigger needs that accepts messages. */
export function loadIntakeDeps(host: FunctionHost): AcceptMessageDeps & FindTargetDeps {
  const { stage, messageRetentionDays } = readTriggerConfiguration(host.environment);
  const store = { client: host.tables, stage };
  return {
    findAccepting: createFindAccepting(store),
    insertApplication: createInsertApplication(store),
    messages: createMessageRepository(store),
    claims: createClaimRepository(store),
    randomBytes: createRandomBytes(),
    clock: systemClock,
    retentionMs: messageRetentionDays * dayMs,
    orderLeaseMs,
  };
}
