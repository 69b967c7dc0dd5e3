import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRetryStrategy } from '@posthorn/aws-calls/retry-strategy';
import type { Attempt, DeliveryState } from '@posthorn/core';
import type { JournalEntry } from '@posthorn/local-host/faults/journal';
import type { LocalCloud } from '@posthorn/local-supervisor/local-cloud-file';
import { createAttemptRepository } from '@posthorn/models/attempts';
import type { TablesClient } from '@posthorn/models/client';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import type { Svix } from 'svix';
import type { TestedSystem } from '../system/start-system.ts';
import type { Tenant } from '../traffic/prepare-tenants.ts';
import type { Accepted, Event, Recorded, Waiting } from './event.ts';
import { nameOfJump } from './fault-names.ts';
import { fixClock } from './fix-clock.ts';
import { readDeadLetters } from './read-dead-letters.ts';

const retention = { successDays: 1, failureDays: 1 };
const mostAttempts = 250;
const messagesAtATime = 16;

export interface Sources {
  readonly system: TestedSystem;
  readonly svix: Svix;
  readonly tenants: readonly Tenant[];
  readonly accepted: readonly Accepted[];
  /** What the test itself has seen. */
  readonly observed: readonly Event[];
}

/** Which messages' attempts are read from the store. Those of others are as they were read last. */
export type Wanted = 'all' | ReadonlySet<string>;

/** Returns what all observers have seen so far. The first read must be of all messages. */
export type Collect = (wanted: Wanted) => Promise<readonly Event[]>;

export function createCollect(sources: Sources): Collect {
  const { system, tenants, accepted, observed } = sources;
  const attempts = new Map<string, readonly Recorded[]>();
  return async (wanted) => {
    const cloud = await system.cloud();
    const [rows, deadLetters, counted] = await Promise.all([
      readRows(sources, cloud, { wanted, attempts }),
      readDeadLetters(cloud, system.clock()),
      readStatistics(sources),
    ]);
    const journal = [...system.journal(), ...system.workJournal()].flatMap(toEvents);
    const endpoints = tenants.flatMap((tenant) => tenant.endpoints);
    const recorded = [...attempts.values()].flat();
    const parts = [endpoints, accepted, system.received(), recorded, rows, deadLetters, counted, journal, observed];
    return parts.flat();
  };
}

interface AttemptsRead {
  readonly wanted: Wanted;
  /** By message. */
  readonly attempts: Map<string, readonly Recorded[]>;
}

/** Reads the stored deliveries, and the attempts into their map. */
async function readRows(
  sources: Sources,
  { dynamodb, region, stage, ...cloud }: LocalCloud,
  read: AttemptsRead,
): Promise<readonly Waiting[]> {
  // Calls fail here too, as they do for functions.
  const options = {
    endpoint: dynamodb,
    region,
    credentials: cloud.system ?? cloud,
    retryStrategy: createRetryStrategy(),
  };
  const client = fixClock(new DynamoDBClient(options), sources.system.clock());
  try {
    const store = { client, stage };
    const [, waiting] = await Promise.all([readAttempts(sources, store, read), readDeliveries(sources, store)]);
    return waiting;
  } finally {
    client.destroy();
  }
}

interface Store {
  readonly client: TablesClient;
  readonly stage: string;
}

async function readAttempts(
  { accepted, system }: Sources,
  { client, stage }: Store,
  { wanted, attempts }: AttemptsRead,
): Promise<void> {
  const { listByMessage } = createAttemptRepository({ client, stage, retention });
  const now = new Date(Date.now() + system.clock());
  const query = { limit: mostAttempts, direction: 'forward', withResponse: false } as const;
  const left = accepted.filter(({ messageId }) => wanted === 'all' || wanted.has(messageId));
  const work = async () => {
    for (let message = left.pop(); message !== undefined; message = left.pop()) {
      const { applicationId, messageId } = message;
      const { items, done } = await listByMessage(messageId, { ...query, applicationId }, now);
      if (!done) throw new Error(`${messageId} has more than ${mostAttempts} attempts`);
      attempts.set(messageId, items.map(toRecorded));
    }
  };
  await Promise.all(Array.from({ length: messagesAtATime }, work));
}

const states: readonly DeliveryState[] = ['planned', 'held', 'parked', 'failed', 'canceled'];
const pageOfDeliveries = { limit: 250, direction: 'forward' } as const;

/** Reads the stored deliveries of all endpoints, in all states. */
async function readDeliveries({ tenants, system }: Sources, { client, stage }: Store): Promise<readonly Waiting[]> {
  const { list } = createDeliveryRepository({ client, stage });
  const now = new Date(Date.now() + system.clock());
  const readState = async (endpointId: string, state: DeliveryState): Promise<readonly Waiting[]> => {
    const found: Waiting[] = [];
    for (let iterator: string | undefined; ; ) {
      const page = await list(endpointId, { ...pageOfDeliveries, state, ...(iterator && { iterator }) }, now);
      for (const { delivery, reason } of page.items)
        found.push({ kind: 'waiting', endpointId, messageId: delivery.messageId, state, reason });
      iterator = page.resumeAt ?? page.items.at(-1)?.delivery.messageId;
      if (page.done || iterator === undefined) return found;
    }
  };
  const endpoints = tenants.flatMap((tenant) => tenant.endpoints);
  const found: Waiting[] = [];
  for (const { endpointId } of endpoints)
    for (const state of states) found.push(...(await readState(endpointId, state)));
  return found;
}

const toRecorded = (attempt: Attempt): Recorded => ({
  kind: 'recorded',
  endpointId: attempt.endpointId,
  messageId: attempt.messageId,
  attemptId: attempt.attemptId,
  attemptNumber: attempt.attemptNumber,
  trigger: attempt.trigger,
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
      // Those of a deleted endpoint cannot be asked for.
      .filter(({ expects }) => expects !== 'is-deleted')
      .map(async ({ applicationId, endpointId }) => {
        const { success, fail } = await svix.endpoint.getStats(applicationId, endpointId);
        return { kind: 'counted', endpointId, success, fail } as const;
      }),
  );

function toEvents(entry: JournalEntry): readonly Event[] {
  switch (entry.kind) {
    case 'killed':
    case 'work-began':
    case 'work-ended':
    case 'enqueued':
    case 'sent':
    case 'record-put':
    case 'most-read':
      return [entry];
    case 'longest':
      return [{ kind: 'longest', function: entry.function, ms: entry.ms, limitMs: entry.limitMs }];
    case 'call-failed':
      return [{ kind: 'fault', fault: `${entry.of}: ${entry.fault}` }];
    case 'event-source':
      return [{ kind: 'fault', fault: `event sources: ${entry.fault}` }];
    case 'clock-moved':
      return [{ kind: 'fault', fault: nameOfJump(entry.minutes) }];
    case 'started':
      return [];
  }
}
