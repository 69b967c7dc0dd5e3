import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { missingApplication, toMessage } from '@posthorn/change-events';
import { DomainError } from '@posthorn/core';
import { createMessageAcceptor, createNamedAcceptor, createTargetFinder, deriveMessageId } from '@posthorn/intake';
import { createInsertApplication } from '@posthorn/models/insert-application';
import { loadIntake } from '../load-intake.ts';
import type { BackfillDeps } from './backfill.ts';

/** How long an application that was read is relied on. It may begin to keep an order, or be deleted. */
const batchMs = 1_000;

/** Accepts events as the trigger does, by the tables of a stage. */
export function createAcceptEvents(client: DynamoDBClient, stage: string): BackfillDeps['accept'] {
  const intake = {
    ...loadIntake(client, stage),
    insertApplication: createInsertApplication({ client, stage }),
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
