import {
  type Delivery,
  type EndpointRepository,
  type FanOutEndpoint,
  type FanOutMessage,
  type MessageRepository,
  type MessageSource,
  type PlannedDelivery,
  placementOfMessageId,
  planDeliveries,
  type Resend,
} from '@posthorn/core';
import { type MessageImage, readMessageImage } from '@posthorn/models/stream-images';
import type { Clock, Counters, Log } from '@posthorn/platform';
import type { DeliveriesQueue } from '@posthorn/queues';
import type { InsertedRecord } from '../stream-batch.ts';

export interface FanOutDeps {
  readonly listEndpoints: EndpointRepository['listForFanOut'];
  readonly findMessage: MessageRepository['find'];
  readonly queue: DeliveriesQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Pick<Counters, 'add'>;
}

type ListEndpoints = FanOutDeps['listEndpoints'];

/**
 * Turns rows inserted into the messages table into deliveries on the queues. Answers the sequence number of the first
 * record that is to be run again; a delivery that is queued twice by that ends at the worker's look at the attempts.
 */
export const createFanOut =
  (deps: FanOutDeps) =>
  async (records: readonly InsertedRecord[]): Promise<string | undefined> => {
    const listEndpoints = onceEach(deps.listEndpoints);
    const plans = await Promise.allSettled(records.map(({ image }) => planRecord({ ...deps, listEndpoints }, image)));
    const unplanned = plans.findIndex(({ status }) => status === 'rejected');
    const planned = plans.slice(0, unplanned < 0 ? plans.length : unplanned);
    const unsent = await enqueue(
      deps,
      planned.map((plan) => (plan.status === 'fulfilled' ? plan.value : [])),
    );
    const failed = unsent ?? (unplanned < 0 ? undefined : unplanned);
    logFailure(deps, { plans, records, failed });
    return failed === undefined ? undefined : records[failed]?.sequenceNumber;
  };

/** One application's endpoints are read once per batch. */
function onceEach(listEndpoints: ListEndpoints): ListEndpoints {
  const lists = new Map<string, ReturnType<ListEndpoints>>();
  return (applicationId) => {
    const list = lists.get(applicationId) ?? listEndpoints(applicationId);
    lists.set(applicationId, list);
    return list;
  };
}

async function planRecord(deps: FanOutDeps, image: InsertedRecord['image']): Promise<readonly PlannedDelivery[]> {
  const row = readMessageImage(image);
  if (row.kind === 'resend') return [planResend(row.resend)];
  const endpoints = await deps.listEndpoints(row.applicationId);
  const message = await loadMessage(deps, row, endpoints);
  return message ? planDeliveries(message, endpoints, sourceOf(row)) : [];
}

const sourceOf = (row: MessageImage): MessageSource =>
  row.kind === 'relay' ? 'relay' : placementOfMessageId(row.messageId);

/** The row itself, or the whole message where the row refers to it or its body is stored elsewhere and needed. */
async function loadMessage(
  { findMessage, clock }: FanOutDeps,
  row: Exclude<MessageImage, { kind: 'resend' }>,
  endpoints: readonly FanOutEndpoint[],
): Promise<FanOutMessage | undefined> {
  const needsBody = endpoints.some(({ order }) => order?.by !== undefined);
  if (row.kind === 'message' && (row.message.body !== undefined || !needsBody))
    return { ...row.message, body: row.message.body ?? '' };
  return findMessage(row.applicationId, row.messageId, clock());
}

function planResend({ requestedAt, ...ids }: Resend): PlannedDelivery {
  const delivery: Delivery = { ...ids, attemptNumber: 1, scheduledAt: requestedAt, trigger: 'manual' };
  return { queue: 'standard', delivery };
}

/** Answers the index of the first record with a delivery that no queue took. */
async function enqueue(
  { queue, counters }: FanOutDeps,
  plans: readonly (readonly PlannedDelivery[])[],
): Promise<number | undefined> {
  const indexOf = new Map(plans.flatMap((plan, index) => plan.map(({ delivery }) => [delivery, index] as const)));
  const all = plans.flat();
  const [standard, fifo] = await Promise.all([
    queue.sendStandard(all.filter((planned) => planned.queue === 'standard')),
    queue.sendFifo(all.filter((planned) => planned.queue === 'fifo')),
  ]);
  const unsent = [...standard, ...fifo].map(({ delivery }) => indexOf.get(delivery) ?? 0);
  counters.add('DeliveriesQueued', all.length - unsent.length);
  return unsent.length === 0 ? undefined : Math.min(...unsent);
}

function logFailure(
  { log }: FanOutDeps,
  run: {
    readonly plans: readonly PromiseSettledResult<unknown>[];
    readonly records: readonly InsertedRecord[];
    readonly failed: number | undefined;
  },
): void {
  if (run.failed === undefined) return;
  const plan = run.plans[run.failed];
  const error = plan?.status === 'rejected' ? plan.reason : undefined;
  log.error('fan_out.record_failed', { sequenceNumber: run.records[run.failed]?.sequenceNumber, error });
}
