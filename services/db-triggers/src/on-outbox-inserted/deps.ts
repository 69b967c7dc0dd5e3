import { createMessageAcceptor, createTargetFinder } from '@posthorn/intake';
import { createOutbox } from '@posthorn/models/outbox';
import { createLog } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { loadAcceptingDeps } from '../accepting-deps.ts';
import type { FunctionHost } from '../function-host.ts';

export function loadAcceptRowsDeps(host: FunctionHost) {
  const { store, organisationId, accepting } = loadAcceptingDeps(host);
  return {
    organisationId,
    findTarget: createTargetFinder({ ...accepting, insertApplication: refuseToInsert }),
    acceptMessage: createMessageAcceptor(accepting),
    remove: createOutbox(store).remove,
    setAside: createSetAside({ client: host.queues, stage: store.stage }),
    log: createLog('on-outbox-inserted'),
    counters: host.createCounters('on-outbox-inserted'),
  };
}

/** A row never creates its application. */
const refuseToInsert = () => Promise.reject(new Error('the outbox creates no application'));
