import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Attempt } from '@posthorn/core';
import type { JournalEntry } from '@posthorn/local-host/faults/journal';
import { createAttemptRepository } from '@posthorn/models/attempts';
import type { Svix } from 'svix';
import type { TestedSystem } from '../system/start-system.ts';
import type { Tenant } from '../traffic/prepare-tenants.ts';
import type { Accepted, Event, Recorded } from './event.ts';
import { readDeadLetters } from './read-dead-letters.ts';

const retention = { successDays: 1, failureDays: 1 };
const mostAttempts = 250;
const messagesAtATime = 16;

export interface Sources {
  readonly system: TestedSystem;
  readonly svix: Svix;
  readonly tenants: readonly Tenant[];
  readonly accepted: readonly Accepted[];
}

/** Reads what all observers have seen so far. */
export async function collect(sources: Sources): Promise<readonly Event[]> {
  const { system, tenants, accepted } = sources;
  const [attempts, deadLetters, counted] = await Promise.all([
    readAttempts(sources),
    system.cloud().then(readDeadLetters),
    readStatistics(sources),
  ]);
  const journal = system.journal().flatMap(toEvents);
  const endpoints = tenants.flatMap((tenant) => tenant.endpoints);
  return [...endpoints, ...accepted, ...system.received(), ...attempts, ...deadLetters, ...counted, ...journal];
}

async function readAttempts({ system, accepted }: Sources): Promise<readonly Recorded[]> {
  const { dynamodb, region, stage, ...cloud } = await system.cloud();
  const client = new DynamoDBClient({ endpoint: dynamodb, region, credentials: cloud.system ?? cloud });
  const { listByMessage } = createAttemptRepository({ client, stage, retention });
  const query = { limit: mostAttempts, direction: 'forward', withResponse: false } as const;
  const found: Recorded[] = [];
  const left = [...accepted];
  const work = async () => {
    for (let message = left.pop(); message !== undefined; message = left.pop()) {
      const { applicationId, messageId } = message;
      const { items, done } = await listByMessage(messageId, { ...query, applicationId }, new Date());
      if (!done) throw new Error(`${messageId} has more than ${mostAttempts} attempts`);
      found.push(...items.map(toRecorded));
    }
  };
  try {
    await Promise.all(Array.from({ length: messagesAtATime }, work));
    return found;
  } finally {
    client.destroy();
  }
}

const toRecorded = (attempt: Attempt): Recorded => ({
  kind: 'recorded',
  endpointId: attempt.endpointId,
  messageId: attempt.messageId,
  attemptId: attempt.attemptId,
  attemptNumber: attempt.attemptNumber,
  status: attempt.status,
  statusCode: attempt.responseStatusCode,
  timestamp: Math.floor(attempt.attemptedAt.getTime() / 1_000),
  durationMs: attempt.responseDurationMs,
  next: attempt.next.kind,
});

const readStatistics = ({ svix, tenants }: Sources): Promise<readonly Event[]> =>
  Promise.all(
    tenants
      .flatMap(({ endpoints }) => endpoints)
      .map(async ({ applicationId, endpointId }) => {
        const { success, fail } = await svix.endpoint.getStats(applicationId, endpointId);
        return { kind: 'counted', endpointId, success, fail } as const;
      }),
  );

function toEvents(entry: JournalEntry): readonly Event[] {
  switch (entry.kind) {
    case 'killed':
      return [entry];
    case 'two-workers': {
      const { endpointId, messageId } = JSON.parse(entry.job) as {
        readonly endpointId: string;
        readonly messageId: string;
      };
      return [{ kind: 'two-workers', at: entry.at, endpointId, messageId }];
    }
    case 'longest':
      return [{ kind: 'longest', function: entry.function, ms: entry.ms, limitMs: entry.limitMs }];
    case 'started':
    case 'call-failed':
      return [];
  }
}
