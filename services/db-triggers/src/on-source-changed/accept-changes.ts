import { type ChangeEvent, type ChangeSource, planEvents } from '@posthorn/change-events';
import { type DecodedRecord, runInKeyOrder, UnusableData } from '@posthorn/core';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import { type AcceptEventDeps, createEventAcceptor } from './accept-event.ts';
import { type ItemRow, toItemChange } from './item-records.ts';

export interface AcceptChangesDeps extends AcceptEventDeps, SettleDeps {
  readonly sources: readonly ChangeSource[];
}

/** An event and where it comes from. */
interface PlannedEvent {
  /** The place of its record in the batch. */
  readonly index: number;
  /** The item. */
  readonly key: string;
  readonly changedAt: Date;
  readonly source: ChangeSource;
  readonly event: ChangeEvent;
}

/**
 * Turns changes of the user's tables into messages. The events of one item, and those of one ordering key, are accepted
 * in the order of their records; all others at the same time. What can never become a message is set aside with its reason.
 * A record that comes again gives the same messages, which are stored already.
 */
export function createAcceptChanges(deps: AcceptChangesDeps): RunRecords<ItemRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const { planned, problems } = planRecords(deps.sources, records);
    const acceptEvent = createEventAcceptor(deps);
    const failed = await runInKeyOrder(planned, {
      keysOf: ({ key, source, event }) => [key, `${source.name} ${event.application} ${event.orderingKey}`],
      run: ({ event, source, changedAt }) => acceptEvent(event, source, changedAt),
    });
    deps.counters.add('ChangesRead', records.length);
    return settleProblems(
      records.map(({ place }) => place),
      [
        ...problems,
        ...failed.map(({ entry, error }): Problem => ({ index: entry.index, error, concerns: { kind: 'record' } })),
      ],
    );
  };
}

function planRecords(sources: readonly ChangeSource[], records: readonly DecodedRecord<ItemRow>[]) {
  const planned: PlannedEvent[] = [];
  const problems: Problem[] = [];
  for (const [index, record] of records.entries()) {
    const refuse = (reason: string) =>
      void problems.push({ index, error: new UnusableData(reason), concerns: { kind: 'record' } });
    if (record.kind === 'undecodable') {
      refuse(record.reason);
      continue;
    }
    const change = toItemChange(record.change);
    const key = JSON.stringify([record.place.table, change.keys]);
    for (const source of sources.filter(({ tableName }) => tableName === record.place.table)) {
      for (const event of planEvents(change, source)) {
        if (event.kind === 'refused') refuse(event.reason);
        else planned.push({ index, key, changedAt: change.changedAt, source, event });
      }
    }
  }
  return { planned, problems };
}
