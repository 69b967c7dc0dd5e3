import { type AcceptMessageDeps, orderLeaseMs } from '@posthorn/intake';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createAcceptingMessages } from '@posthorn/models/accepting-messages';
import { createClaimRepository } from '@posthorn/models/claims';
import { createRandomBytes, systemClock } from '@posthorn/platform';
import { readAcceptingConfiguration } from './configuration.ts';
import type { FunctionHost } from './function-host.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What a trigger needs that accepts messages. */
export function loadAcceptingDeps(host: FunctionHost) {
  const { stage, organisationId, messageRetentionDays, deflateFrom } = readAcceptingConfiguration(host.environment);
  const store = { client: host.tables, stage };
  const accepting: AcceptMessageDeps = {
    findAccepting: createFindAccepting(store),
    claims: createClaimRepository(store),
    messages: createAcceptingMessages({ ...store, deflateFrom }),
    clock: systemClock,
    randomBytes: createRandomBytes(),
    retentionMs: messageRetentionDays * dayMs,
    orderLeaseMs,
  };
  return { store, organisationId, accepting };
}
