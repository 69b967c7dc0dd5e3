import { setTimeout as wait } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { parseJob, tableName } from '@posthorn/contracts';
import {
  createFindOrderGroup,
  defaultAttemptRetention,
  deliveryIdOf,
  isId,
  isInPayload,
  type ListedMessage,
  type MessageRepository,
  type PlannedDelivery,
  type TimeWindow,
  timeOfId,
  UnusableData,
} from '@posthorn/core';
import { createIsAccountedFor } from '@posthorn/delivering';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createFindEndpoint, createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { countOr, readConfiguration, systemClock } from '@posthorn/platform';
import { createDeliveriesQueue, type DeliveriesQueue } from '@posthorn/queues';
import { createDeadLetters } from '@posthorn/queues/dead-letters/dead-letters';
import { redrive } from '../dead-letters/redrive.ts';
import type { OperatorClients } from '../operator-clients.ts';
import { findOverdue } from './find-overdue.ts';
import type { ReconciledEndpoint } from './judge-message.ts';
import { type MessagePage, type Progress, type ReconcileDeps, reconcile } from './reconcile.ts';

export interface ReconcileRequest extends Required<TimeWindow> {
  /** Only this application. */
  readonly applicationId?: string;
  readonly isDryRun: boolean;
}

const dayMs = 24 * 60 * 60 * 1_000;
const pageSize = 100;
const noPage: MessagePage = { messages: [], done: true };

/**
 * Reconciles the applications of a stage.
 *
 * @throws Error if records of successful attempts are not kept for as long as the request goes back
 */
export async function runReconcile(
  clients: OperatorClients,
  request: ReconcileRequest,
  output: Output,
): Promise<Progress> {
  requireKnownAttempts(request.after);
  const letters = createDeadLetters({ client: clients.queues, stage: clients.stage });
  return reconcile({ ...loadDeps(clients, request, output), deadLetters: await listDeadDeliveries(letters) });
}

type Output = Pick<ReconcileDeps, 'tell'> & { readonly warn: (text: string) => void };

/**
 * Reconciles one message. Returns why a delivery of it cannot be planned, if there is one. Dead letters are not read: they
 * have rows.
 */
export async function reconcileMessage(
  clients: OperatorClients,
  { applicationId, messageId }: Pick<ListedMessage, 'applicationId' | 'messageId'>,
): Promise<string | undefined> {
  const after = timeOfId(messageId);
  requireKnownAttempts(after);
  const window = { after, before: new Date(after.getTime() + idTimeMs) };
  const deps = loadDeps(clients, { ...window, applicationId, isDryRun: false }, quiet);
  const onlyIt = async (id: string, cursor: string | undefined) => {
    const page = await deps.listMessages(id, cursor);
    return { ...page, messages: page.messages.filter((message) => message.messageId === messageId) };
  };
  const { missing } = await reconcile({ ...deps, listMessages: onlyIt, findOverdue: nothing, deadLetters: new Set() });
  const listed = missing.find(({ why }) => why !== undefined);
  return listed && `${listed.endpointId}: ${listed.why}`;
}

/** Ids have a time of 4 ms. */
const idTimeMs = 4;
const quiet: Output = { tell: () => undefined, warn: () => undefined };
const nothing: ReconcileDeps['findOverdue'] = async function* () {
  yield* [];
};

function loadDeps(
  clients: OperatorClients,
  { applicationId, after, before, isDryRun }: ReconcileRequest,
  output: Output,
): Omit<ReconcileDeps, 'deadLetters'> {
  const store = { client: clients.tables, stage: clients.stage };
  const attempts = createAttemptRepository(store);
  const messages = createMessageRepository(store);
  const deliveries = createDeliveryRepository(store);
  const lists = { listAttempts: attempts.listByMessage, clock: systemClock };
  const queues = { client: clients.queues, stage: clients.stage };
  return {
    applications: () => (applicationId === undefined ? listApplications(clients) : only(applicationId)),
    listEndpoints: (id) => listEndpoints(store, id, output.warn),
    listMessages: (id, cursor) => listPage(messages.list, id, { after, before, cursor }),
    listLater: async (id, cursor) => {
      const now = systemClock();
      return before < now ? listPage(messages.list, id, { after: before, before: now, cursor }) : noPage;
    },
    groupOf: (message, endpoint) => groupOf(messages.find, message, endpoint),
    findOverdue: (endpoint) =>
      findOverdue({ listDeliveries: deliveries.list, findDelivery: deliveries.find }, endpoint, systemClock()),
    isAccountedFor: createIsAccountedFor({ ...lists, findAttempt: attempts.find, deliveries }),
    plan: (planned) => send(createDeliveriesQueue(queues), planned),
    clock: systemClock,
    pause: async (ms) => wait(ms),
    isDryRun,
    tell: output.tell,
  };
}

async function send(queue: DeliveriesQueue, planned: readonly PlannedDelivery[]): Promise<void> {
  const standard = planned.flatMap(({ queue, delivery }) => (queue === 'fifo' ? [] : [{ delivery }]));
  const fifo = planned.flatMap((one) => (one.queue === 'fifo' ? [{ delivery: one.delivery, group: one.group }] : []));
  const [unsent] = [...(await queue.sendStandard(standard)), ...(await queue.sendFifo(fifo))];
  if (unsent) throw unsent.error;
}

/** Only some destinations take their groups from the body. */
async function groupOf(
  find: MessageRepository['find'],
  { applicationId, messageId, orderingKey }: ListedMessage,
  { endpointId, order }: ReconciledEndpoint,
): Promise<string> {
  const by = order?.by;
  const stored = isInPayload(by) ? await find(applicationId, messageId, systemClock()) : { body: '' };
  if (!stored) throw new UnusableData('the message is no longer stored');
  return createFindOrderGroup(stored.body, orderingKey)({ endpointId, ...(by !== undefined && { by }) });
}

/** A message whose record has expired would look as if it had been lost. */
function requireKnownAttempts(after: Date): void {
  const { days } = readConfiguration(
    { days: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)] },
    process.env,
  );
  if (after.getTime() >= Date.now() - days * dayMs) return;
  throw new Error(
    `--since: must be within the last ${days} days. Records of successful attempts are not kept for longer ` +
      '(POSTHORN_SUCCESS_RETENTION_DAYS), so it is not known what was sent before',
  );
}

async function* only(applicationId: string): AsyncIterable<string> {
  yield applicationId;
}

/** The ids of all applications, whichever organisation they belong to. */
async function* listApplications({ tables, stage }: OperatorClients): AsyncIterable<string> {
  for (let start: Record<string, never> | undefined; ; ) {
    const { Items = [], LastEvaluatedKey } = await tables.send(
      new ScanCommand({
        TableName: tableName(stage, 'applications'),
        ProjectionExpression: 'applicationId',
        Limit: pageSize,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const { applicationId } of Items) {
      // The rows of uids are no applications.
      if (applicationId?.S !== undefined && isId('application', applicationId.S)) yield applicationId.S;
    }
    if (LastEvaluatedKey === undefined) return;
    start = LastEvaluatedKey as Record<string, never>;
  }
}

async function listEndpoints(
  store: Parameters<typeof createFindEndpoint>[0],
  applicationId: string,
  warn: (text: string) => void,
): Promise<readonly ReconciledEndpoint[]> {
  const find = createFindEndpoint(store);
  const endpoints: ReconciledEndpoint[] = [];
  for (const listed of await createListForFanOut(store)(applicationId)) {
    if ('unreadable' in listed) {
      warn(`endpoint ${listed.endpointId} of ${applicationId} is left out: ${listed.unreadable}`);
      continue;
    }
    const endpoint = await find(applicationId, listed.endpointId);
    if (endpoint) endpoints.push(endpoint);
  }
  return endpoints;
}

async function listPage(
  list: ReturnType<typeof createMessageRepository>['list'],
  applicationId: string,
  { after, before, cursor }: Required<TimeWindow> & { readonly cursor: string | undefined },
): Promise<MessagePage> {
  // The list has the newest first, so going back leads to later messages.
  const page = { direction: 'backward', limit: pageSize, ...(cursor !== undefined && { iterator: cursor }) } as const;
  const query = { ...page, after, before, withBody: false };
  const { items, done, resumeAt } = await list(applicationId, query, systemClock());
  const reached = resumeAt ?? items[0]?.messageId;
  return { messages: items.toReversed(), done, ...(reached !== undefined && { cursor: reached }) };
}

/** The ids of the deliveries among the dead letters, as far as these can be received. */
async function listDeadDeliveries(letters: ReturnType<typeof createDeadLetters>): Promise<ReadonlySet<string>> {
  const queues = await redrive(letters, { kind: 'none' }, () => undefined);
  return new Set(
    queues
      .flatMap(({ entries }) => entries)
      .flatMap(({ entry }) => {
        const job = parseJob(entry.body);
        return job.kind === 'delivery' ? [deliveryIdOf(job.delivery)] : [];
      }),
  );
}
