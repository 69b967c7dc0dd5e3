import type { RemovedMessage, RemoveMessageRemains } from '@posthorn/models/message-remains';
import { createRunEach } from '../run-each.ts';
import type { SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';

export interface RemoveRemainsDeps extends SettleDeps {
  readonly removeMessageRemains: RemoveMessageRemains;
}

/** Removes the chunk rows and the relay of messages that a program deleted. It may be repeated. */
export const createRemoveRemains = (deps: RemoveRemainsDeps): RunRecords<RemovedMessage> =>
  createRunEach<RemovedMessage>(deps, async (change) => {
    if (change.kind === 'removed') await deps.removeMessageRemains(change.old);
  });
