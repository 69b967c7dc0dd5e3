import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
/** Calls fail here too, as they do for functions. */
const maxAttempts = 10;
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

/** Reads what all observers have seen so far. */
export async function collect(sources: Sources): Promise<readonly Event[]> {
  const { system, tenants, accepted, observed } = sources;
  const cloud = await system.cloud();
  const [rows, deadLetters, counted] = await Promise.all([
    readRows(sources, cloud),
    readDeadLetters(cloud, system.clock()),
    readStatistics(sources),
  ]);
  const journal = system.journal().flatMap(toEvents);
  const endpoints = tenants.flatMap((tenant) => tenant.endpoints);
  return [
    ...endpoints,
    ...accepted,
    ...system.received(),
    ...rows,
    ...deadLetters,
    ...counted,
    ...journal,
    ...observed,
  ];
}

async function readRows(sources: Sources, { dynamodb, region, stage, ...cloud }: LocalCloud) {
  const options = { endpoint: dynamodb, region, credentials: cloud.system ?? cloud, maxAttempts };
  const client = fixClock(new DynamoDBClient(options), sources.system.clock());
  try {
    const store = { client, stage };
    return (await Promise.all([readAttempts(sources, store), readDeliveries(sources, store)])).flat();
  } finally {
    client.destroy();
  }
}

interface Store {
  readonly client: TablesClient;
  readonly stage: string;
}

async function readAttempts({ accepted, system }: Sources, { client, stage }: Store): Promise<readonly Recorded[]> {
  const { listByMessage } = createAttemptRepository({ client, stage, retention });
  const now = new Date(Date.now() + system.clock());
  const query = { limit: mostAttempts, direction: 'forward', withResponse: false } as const;
  const found: Recorded[] = [];
  const left = [...accepted];
  const work = async () => {
    for (let message = left.pop(); message !== undefined; message = left.pop()) {
      const { applicationId, messageId } = message;
      const { items, done } = await listByMessage(messageId, { ...query, applicationId }, now);
      if (!done) throw new Error(`${messageId} has more than ${mostAttempts} attempts`);
      found.push(...items.map(toRecorded));
    }
  };
  await Promise.all(Array.from({ length: messagesAtATime }, work));
  return found;
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
