import {
  countOwn,
  type DecodedRecord,
  isOperationalApplicationId,
  isPassingError,
  type PlannedDelivery,
} from '@posthorn/core';
import type { MessagesTableRow } from '@posthorn/models/stream-images';
import type { CommandsQueue, DeliveriesQueue } from '@posthorn/queues';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import { type PlanRecordDeps, planRecord } from './plan-record.ts';
import { sendPlanned } from './send-planned.ts';
import { type WriteLogsDeps, writeLogs } from './write-logs.ts';

export interface FanOutDeps extends PlanRecordDeps, SettleDeps, WriteLogsDeps {
  readonly queue: DeliveriesQueue & Pick<CommandsQueue, 'sendCommands'>;
}

/** How many records are planned at a time: each may have a body of 1 MiB in memory. */
const plannedTogether = 25;

/**
 * Turns rows inserted into the messages table into deliveries on the queues. A delivery that cannot be planned or sent is
 * set aside, or its record is run again if the error is passing. If a delivery is queued twice, the worker finds the
 * recorded attempt and sends nothing. Of applications that are polled, what is done is written to the message log at the
 * end.
 */
export function createFanOut(deps: FanOutDeps): RunRecords<MessagesTableRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const readApplication = onceEach(deps.readApplication);
    const { planned, problems } = await planRecords({ ...deps, readApplication }, records);
    const unsent = await sendPlanned(deps.queue, [...planned.keys()], deps.clock());
    countQueued(deps, planned.keys(), new Set(unsent.map(({ entry }) => entry)));
    const places = records.map(({ place }) => place);
    const unsentDeliveries = unsent.map(({ entry, error }) => toProblem(planned, entry, error));
    const sendProblems = [...problems, ...unsentDeliveries, ...(await sendCommands(deps, records))];
    const firstFailed = await settleProblems(places, sendProblems);
    const unwritten = await writeLogs({ ...deps, readApplication }, doneOf(records, firstFailed));
    if (unwritten.length === 0) return firstFailed;
    return (await settleProblems(places, unwritten)) ?? firstFailed;
  };
}

/** The records before the first one that is to be run again. */
function doneOf<Row>(
  records: readonly DecodedRecord<Row>[],
  firstFailed: string | undefined,
): readonly DecodedRecord<Row>[] {
  const index = records.findIndex(({ place }) => place.sequenceNumber === firstFailed);
  return firstFailed === undefined ? records : records.slice(0, index);
}

/** Sends the commands for groups. One that is sent twice is dropped, or does nothing. */
async function sendCommands(
  { queue }: FanOutDeps,
  records: readonly DecodedRecord<MessagesTableRow>[],
): Promise<readonly Problem[]> {
  const entries = records.flatMap((record, index) =>
    record.kind === 'change' && record.change.kind === 'inserted' && record.change.new.kind === 'command'
      ? [{ command: record.change.new.command, index }]
      : [],
  );
  if (entries.length === 0) return [];
  const unsent = await queue.sendCommands(entries.map(({ command }) => ({ command })));
  return unsent.flatMap(({ command, error }) => {
    const entry = entries.find((one) => one.command === command);
    return entry ? [{ index: entry.index, error, concerns: { kind: 'record' as const } }] : [];
  });
}

/** Each delivery with the place of its record in the batch. */
type Planned = ReadonlyMap<PlannedDelivery, number>;

/** Plans the records in order, up to the first one that must be run again: nothing behind it may be sent before it. */
async function planRecords(
  deps: FanOutDeps,
  records: readonly DecodedRecord<MessagesTableRow>[],
): Promise<{ readonly planned: Planned; readonly problems: readonly Problem[] }> {
  const planned = new Map<PlannedDelivery, number>();
  const problems: Problem[] = [];
  for (let start = 0; start < records.length; start += plannedTogether) {
    const together = records.slice(start, start + plannedTogether);
    const plans = await Promise.allSettled(together.map((record) => planRecord(deps, record)));
    for (const [offset, plan] of plans.entries()) {
      const index = start + offset;
      if (plan.status === 'rejected') {
        problems.push({ index, error: plan.reason, concerns: { kind: 'record' } });
        if (isPassingError(plan.reason)) return { planned, problems };
        continue;
      }
      countMessage(deps, together[offset]);
      for (const delivery of plan.value.planned) planned.set(delivery, index);
      for (const { error, ...refused } of plan.value.refused)
        problems.push({ index, error, concerns: { kind: 'delivery', ...refused } });
    }
  }
  return { planned, problems };
}

function countQueued(
  { counters }: FanOutDeps,
  planned: Iterable<PlannedDelivery>,
  unsent: ReadonlySet<PlannedDelivery>,
): void {
  let queued = 0;
  for (const entry of planned)
    if (!unsent.has(entry) && !isOperationalApplicationId(entry.delivery.applicationId)) queued += 1;
  counters.add('DeliveriesQueued', queued);
}

/** A record that is run again may be counted again. */
function countMessage({ counters }: FanOutDeps, record: DecodedRecord<MessagesTableRow> | undefined): void {
  if (record?.kind !== 'change' || record.change.kind !== 'inserted' || record.change.new.kind !== 'message') return;
  const { applicationId } = record.change.new.message;
  countOwn(counters, applicationId, { name: 'MessagesFannedOut', of: { applicationId } });
}

const toProblem = (planned: Planned, entry: PlannedDelivery, error: unknown): Problem => ({
  index: planned.get(entry) ?? 0,
  error,
  concerns: { kind: 'delivery', queue: entry.queue, delivery: entry.delivery },
});

/** Each application is read once per batch. */
function onceEach(readApplication: FanOutDeps['readApplication']): FanOutDeps['readApplication'] {
  const read = new Map<string, ReturnType<FanOutDeps['readApplication']>>();
  return (applicationId) => {
    const application = read.get(applicationId) ?? readApplication(applicationId);
    read.set(applicationId, application);
    return application;
  };
}
