import { defaultMessageRetentionDays } from '@posthorn/core';
import { orderLeaseMs } from '@posthorn/intake';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createClaimRepository } from '@posthorn/models/claims';
import type { TablesClient } from '@posthorn/models/client';
import { createMessageRepository } from '@posthorn/models/messages';
import { countOr, createRandomBytes, readConfiguration, systemClock } from '@posthorn/platform';

const dayMs = 24 * 60 * 60 * 1_000;

/** What a command needs that accepts messages, by the tables of a stage. */
export function loadIntake(client: TablesClient, stage: string) {
  const store = { client, stage };
  const { retentionDays } = readConfiguration(
    { retentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)] },
    process.env,
  );
  return {
    findAccepting: createFindAccepting(store),
    claims: createClaimRepository(store),
    messages: createMessageRepository(store),
    clock: systemClock,
    randomBytes: createRandomBytes(),
    retentionMs: retentionDays * dayMs,
    orderLeaseMs,
  };
}
