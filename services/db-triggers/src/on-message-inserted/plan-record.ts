import {
  createFindOrderGroup,
  type DecodedRecord,
  type DeliveryPlan,
  type FanOutApplication,
  type FanOutMessage,
  type FindOrderGroup,
  isInPayload,
  isPassingError,
  type MessageRepository,
  type MessageSource,
  placementOfMessageId,
  planDeliveries,
  type Resend,
  UnusableData,
} from '@posthorn/core';
import type { MessagesTableRow } from '@posthorn/models/stream-images';
import type { Clock } from '@posthorn/platform';

export interface PlanRecordDeps {
  readonly readApplication: (applicationId: string) => Promise<FanOutApplication>;
  readonly findMessage: MessageRepository['find'];
  readonly clock: Clock;
}

const nothing: DeliveryPlan = { planned: [], refused: [] };

/**
 * Plans the deliveries that a record of the messages table leads to.
 *
 * @throws UnusableData if the record cannot be decoded
 */
export async function planRecord(deps: PlanRecordDeps, record: DecodedRecord<MessagesTableRow>): Promise<DeliveryPlan> {
  if (record.kind === 'undecodable') throw new UnusableData(record.reason);
  if (record.change.kind !== 'inserted') return nothing;
  const row = record.change.new;
  switch (row.kind) {
    case 'message':
      return planMessage(deps, row);
    case 'relay':
      return planRelay(deps, row);
    case 'resend':
      return planResend(row.resend);
    // Commands are sent as they are.
    case 'command':
    case 'chunk':
      return nothing;
  }
}

async function planMessage(
  deps: PlanRecordDeps,
  { message, readBody }: { readonly message: FanOutMessage; readonly readBody?: () => Promise<string> },
): Promise<DeliveryPlan> {
  const source: MessageSource = placementOfMessageId(message.messageId);
  const { endpoints } = await deps.readApplication(message.applicationId);
  const readsBody =
    source === 'ordered' && endpoints.some((endpoint) => 'order' in endpoint && isInPayload(endpoint.order?.by));
  const findGroup = readsBody
    ? await loadGroups(deps, message, readBody)
    : createFindOrderGroup('', message.orderingKey);
  return findGroup ? planDeliveries({ message, endpoints, source, findGroup, now: deps.clock() }) : nothing;
}

/** The groups of a message. A body that cannot be read concerns FIFO destinations only. */
async function loadGroups(
  { findMessage, clock }: PlanRecordDeps,
  { applicationId, messageId, orderingKey }: FanOutMessage,
  readBody: (() => Promise<string>) | undefined,
): Promise<FindOrderGroup | undefined> {
  try {
    if (readBody) return createFindOrderGroup(await readBody(), orderingKey);
    const message = await findMessage(applicationId, messageId, clock());
    return message && createFindOrderGroup(message.body, orderingKey);
  } catch (error) {
    if (isPassingError(error)) throw error;
    return () => {
      throw error;
    };
  }
}

/** A relay has only the ids of its message. */
async function planRelay(
  { readApplication, findMessage, clock }: PlanRecordDeps,
  { applicationId, messageId }: Pick<FanOutMessage, 'applicationId' | 'messageId'>,
): Promise<DeliveryPlan> {
  const { endpoints } = await readApplication(applicationId);
  const now = clock();
  const message = await findMessage(applicationId, messageId, now);
  if (!message) return nothing;
  const findGroup = createFindOrderGroup(message.body, message.orderingKey);
  return planDeliveries({ message, endpoints, source: 'relay', findGroup, now });
}

const planResend = ({ requestedAt, ...ids }: Resend): DeliveryPlan => ({
  planned: [{ queue: 'standard', delivery: { ...ids, attemptNumber: 1, scheduledAt: requestedAt, trigger: 'manual' } }],
  refused: [],
});
