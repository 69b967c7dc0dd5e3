import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { missingApplication, toMessage } from '@posthorn/change-events';
import { DomainError, defaultMessageRetentionDays } from '@posthorn/core';
import {
  createMessageAcceptor,
  createNamedAcceptor,
  createTargetFinder,
  deriveMessageId,
  orderLeaseMs,
} from '@posthorn/intake';
import { createFindAccepting } from '@posthorn/models/accepting-applications';
import { createClaimRepository } from '@posthorn/models/claims';
import { createInsertApplication } from '@posthorn/models/insert-application';
import { createMessageRepository } from '@posthorn/models/messages';
import { countOr, createRandomBytes, readConfiguration, systemClock } from '@posthorn/platform';
import type { BackfillDeps } from './backfill.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** How long an application that was read is relied on. It may begin to keep an order, or be deleted. */
const batchMs = 1_000;

/** Accepts events as the trigger does, by the tables of a stage. */
export function createAcceptEvents(client: DynamoDBClient, stage: string): BackfillDeps['accept'] {
  const store = { client, stage };
  const { retentionDays } = readConfiguration(
    { retentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)] },
    process.env,
  );
  const intake = {
    findAccepting: createFindAccepting(store),
    insertApplication: createInsertApplication(store),
    claims: createClaimRepository(store),
    messages: createMessageRepository(store),
    clock: systemClock,
    randomBytes: createRandomBytes(),
    retentionMs: retentionDays * dayMs,
    orderLeaseMs,
  };
  const deps = { findTarget: createTargetFinder(intake), acceptMessage: createMessageAcceptor(intake) };
  let batch = { accept: createNamedAcceptor(deps), since: performance.now() };
  return async (event, source, at) => {
    if (performance.now() - batch.since > batchMs)
      batch = { accept: createNamedAcceptor(deps), since: performance.now() };
    const identity = { kind: 'given', messageId: deriveMessageId(event.identity, at) } as const;
    try {
      await batch.accept({ ...toMessage(event, source), identity });
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
      return missingApplication(source);
    }
  };
}
