import { createRemoveMessageRemains } from '@posthorn/models/message-remains';
import { createLog } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';
import type { RemoveRemainsDeps } from './remove-remains.ts';

export function loadRemoveRemainsDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  return {
    removeMessageRemains: createRemoveMessageRemains({ client: host.tables, stage }),
    setAside: createSetAside({ client: host.queues, stage }),
    log: createLog('on-message-removed'),
    counters: host.createCounters('on-message-removed'),
  } satisfies RemoveRemainsDeps;
}
