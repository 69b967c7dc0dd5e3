import { createMessageAcceptor, createTargetFinder } from '@posthorn/intake';
import { createLog } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import { loadIntakeDeps } from '../intake-deps.ts';

export function loadAcceptChangesDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  const intake = loadIntakeDeps(host);
  return {
    sources: host.sources,
    findTarget: createTargetFinder(intake),
    acceptMessage: createMessageAcceptor(intake),
    setAside: createSetAside({ client: host.queues, stage }),
    log: createLog('on-source-changed'),
    counters: host.createCounters('on-source-changed'),
  };
}
