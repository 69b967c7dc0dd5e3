import { createMessageAcceptor, createTargetFinder, orderLeaseMs } from '@posthorn/intake';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createClaimRepository } from '@posthorn/models/claims';
import { createMessageRepository } from '@posthorn/models/messages';
import { createOutbox } from '@posthorn/models/outbox';
import { createLog, createRandomBytes, systemClock } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { readAcceptingConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';

const dayMs = 24 * 60 * 60 * 1000;

export function loadAcceptRowsDeps(host: FunctionHost) {
  const { stage, organisationId, messageRetentionDays } = readAcceptingConfiguration(host.environment);
  const store = { client: host.tables, stage };
  const accepting = {
    findAccepting: createFindAccepting(store),
    claims: createClaimRepository(store),
    messages: createMessageRepository(store),
    clock: systemClock,
    randomBytes: createRandomBytes(),
    retentionMs: messageRetentionDays * dayMs,
    orderLeaseMs,
  };
  return {
    organisationId,
    findTarget: createTargetFinder({ ...accepting, insertApplication: refuseToInsert }),
    accept: createMessageAcceptor(accepting),
    remove: createOutbox(store).remove,
    setAside: createSetAside({ client: host.queues, stage }),
    log: createLog('on-outbox-inserted'),
    counters: host.createCounters('on-outbox-inserted'),
  };
}

/** A row never creates its application. */
const refuseToInsert = () => Promise.reject(new Error('the outbox creates no application'));
