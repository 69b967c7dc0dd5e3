import { createMessageAcceptor, createTargetFinder } from '@posthorn/intake';
import { createInsertApplication } from '@posthorn/models/insert-application';
import { createLog } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { loadAcceptingDeps } from '../accepting-deps.ts';
import type { FunctionHost } from '../function-host.ts';

export function loadAcceptChangesDeps(host: FunctionHost) {
  const { store, accepting } = loadAcceptingDeps(host);
  return {
    sources: host.sources,
    findTarget: createTargetFinder({ ...accepting, insertApplication: createInsertApplication(store) }),
    acceptMessage: createMessageAcceptor(accepting),
    setAside: createSetAside({ client: host.queues, stage: store.stage }),
    log: createLog('on-source-changed'),
    counters: host.createCounters('on-source-changed'),
  };
}
