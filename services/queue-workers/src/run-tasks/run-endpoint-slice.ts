import {
  addPages,
  afterSlice,
  type Clock,
  type Counter,
  type DeliveryRepository,
  type Endpoint,
  type EndpointRepository,
  type EndpointTask,
  type Log,
  type PlannedDelivery,
  readsOn,
  type SliceResult,
  type StoredDelivery,
  type TaskRepository,
  waitReasonOf,
} from '@posthorn/core';
import type { DeliveriesQueue } from '@posthorn/queues';
import { failTask } from './fail-task.ts';

/** A delivery that is to be sent, and its row if it has ended before. */
export type TaskDelivery = PlannedDelivery & { readonly ended?: StoredDelivery };

/** A page of a task's messages: what is to be sent, and how far it reaches. */
export interface TaskPage {
  readonly planned: readonly TaskDelivery[];
  readonly skipped: number;
  /** The last message that was looked at. */
  readonly cursor?: string;
  readonly done: boolean;
}

/** Reads the page behind the cursor. The same page again gives the same deliveries, or fewer. */
export type ReadTaskPage = (task: EndpointTask, endpoint: Endpoint, cursor: string | undefined) => Promise<TaskPage>;

export interface RunEndpointSliceDeps {
  readonly tasks: Pick<TaskRepository, 'advance'>;
  readonly findEndpoint: EndpointRepository['find'];
  readonly readPage: ReadTaskPage;
  readonly moveOn: DeliveryRepository['moveOn'];
  readonly queue: DeliveriesQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counter;
}

/**
 * Runs a slice of an endpoint's task: reads pages, sends their deliveries to the queue, and stores how far it is. A
 * delivery that is sent twice is attempted once, because the id of its attempt derives from the task, the message and the
 * endpoint.
 */
export const createRunEndpointSlice =
  (deps: RunEndpointSliceDeps) =>
  async (task: EndpointTask, hasTime: () => boolean): Promise<void> => {
    const endpoint = await deps.findEndpoint(task.applicationId, task.endpointId);
    if (!endpoint || endpoint.disabled) {
      await failTask(deps, task, endpoint ? isDisabled : wasDeleted);
      return;
    }
    const result = await sendPages(deps, { task, endpoint, hasTime });
    const next = afterSlice(task, result, deps.clock());
    if ((await deps.tasks.advance(next, task)) === 'stale') return;
    const { taskId, endpointId, work, slice, status } = next;
    deps.log.info('task.slice_done', { taskId, endpointId, kind: work.kind, slice, sent: result.sent, status });
    deps.counters.add('TaskDeliveriesSent', result.sent);
  };

const wasDeleted = 'the endpoint was deleted';
const isDisabled = 'the endpoint is disabled: enable it, and start the task again';

interface Slice {
  readonly task: EndpointTask;
  readonly endpoint: Endpoint;
  readonly hasTime: () => boolean;
}

async function sendPages(deps: RunEndpointSliceDeps, { task, endpoint, hasTime }: Slice): Promise<SliceResult> {
  let result: SliceResult = { sent: 0, skipped: 0, done: false };
  for (let pages = 1; ; pages += 1) {
    const page = await deps.readPage(task, endpoint, result.cursor ?? task.cursor);
    await send(deps.queue, page.planned);
    await storePlanned(deps, page.planned);
    result = addPages(result, { ...page, sent: page.planned.length });
    if (!readsOn({ messages: result.sent, done: result.done }, pages) || !hasTime()) return result;
  }
}

async function send(queue: DeliveriesQueue, planned: readonly PlannedDelivery[]): Promise<void> {
  const entriesOf = (name: PlannedDelivery['queue']) =>
    planned.filter((one) => one.queue === name).map(({ delivery }) => ({ delivery }));
  const sent = await Promise.all([
    queue.sendStandard(entriesOf('standard')),
    queue.sendSlow(entriesOf('slow')),
    queue.sendFifo(planned.flatMap((one) => (one.queue === 'fifo' ? [one] : []))),
  ]);
  const [unsent] = sent.flat();
  if (unsent) throw unsent.error;
}

/**
 * Stores that deliveries which had ended are planned, so that no other task begins them again. A worker that was faster
 * has changed the row, and its change stays.
 */
async function storePlanned({ moveOn, clock }: RunEndpointSliceDeps, planned: readonly TaskDelivery[]): Promise<void> {
  const since = clock();
  await Promise.all(
    planned.map(async ({ delivery, ended }) => {
      if (ended) await moveOn(ended, { state: 'planned', reason: waitReasonOf(delivery), delivery, since });
    }),
  );
}
