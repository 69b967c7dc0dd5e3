import { type DecodedRecord, DomainError, isPassingError, UnusableData } from '@posthorn/core';
import type { createMessageAcceptor, createTargetFinder, MessageTarget } from '@posthorn/intake';
import type { Outbox, OutboxRow } from '@posthorn/models/outbox';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import { toMessage } from './to-message.ts';

export interface AcceptRowsDeps extends SettleDeps {
  readonly findTarget: ReturnType<typeof createTargetFinder>;
  readonly accept: ReturnType<typeof createMessageAcceptor>;
  readonly remove: Outbox['remove'];
  /** The organisation of rows that name none. */
  readonly organisationId: string | undefined;
}

/** How many ordering keys are worked on at a time. */
const keysTogether = 16;

/**
 * Accepts the rows of the outbox as messages, and removes them: the rows of one ordering key in their order, those of
 * others beside them. A row that can never be accepted is set aside, and stays in the table. If the process dies between
 * a message and the removal of its row, the row comes again and gives the same message.
 */
export function createAcceptRows(deps: AcceptRowsDeps): RunRecords<OutboxRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const problems: Problem[] = [];
    const acceptRow = createAcceptRow(deps);
    const waiting = [...groupByKey(records).values()];
    const workOnKeys = async () => {
      for (let group = waiting.shift(); group; group = waiting.shift())
        problems.push(...(await acceptInOrder(group, acceptRow)));
    };
    await Promise.all(Array.from({ length: keysTogether }, workOnKeys));
    return settleProblems(
      records.map(({ place }) => place),
      problems,
    );
  };
}

interface PlacedRecord {
  /** The place in the batch. */
  readonly index: number;
  readonly record: DecodedRecord<OutboxRow>;
}

/** A record that cannot be decoded is in a group with all others like it: nothing waits for it. */
function groupByKey(records: readonly DecodedRecord<OutboxRow>[]): ReadonlyMap<string, readonly PlacedRecord[]> {
  const groups = new Map<string, PlacedRecord[]>();
  for (const [index, record] of records.entries()) {
    const key = record.place.key.orderingKey ?? '';
    const group = groups.get(key);
    if (group) group.push({ index, record });
    else groups.set(key, [{ index, record }]);
  }
  return groups;
}

/** Stops at the first passing error: no later row of the key may be accepted before that one. */
async function acceptInOrder(
  group: readonly PlacedRecord[],
  acceptRow: (record: DecodedRecord<OutboxRow>) => Promise<void>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { index, record } of group) {
    try {
      await acceptRow(record);
    } catch (error) {
      problems.push({ index, error, concerns: { kind: 'record' } });
      if (isPassingError(error)) break;
    }
  }
  return problems;
}

/** Accepts the rows of one batch. Each application is read once. */
function createAcceptRow({ findTarget, accept, remove, organisationId: usual }: AcceptRowsDeps) {
  const targets = new Map<string, Promise<MessageTarget>>();
  const targetOf = (organisationId: string, idOrUid: string): Promise<MessageTarget> => {
    const key = JSON.stringify([organisationId, idOrUid]);
    const target = targets.get(key) ?? findTarget({ organisationId, idOrUid, ifMissing: { kind: 'refuse' } });
    targets.set(key, target);
    return target;
  };
  return async (record: DecodedRecord<OutboxRow>): Promise<void> => {
    if (record.kind === 'undecodable') throw new UnusableData(record.reason);
    if (record.change.kind !== 'inserted') return;
    const { new: row, changedAt } = record.change;
    const { organisationId = usual } = row;
    if (organisationId === undefined)
      throw new UnusableData('row has no organisation, and POSTHORN_ORGANISATION is not set');
    const input = toMessage({ ...row, organisationId }, changedAt);
    try {
      await accept({ target: await targetOf(organisationId, row.application), ...input });
    } catch (error) {
      throw error instanceof DomainError ? new UnusableData(error.message, { cause: error }) : error;
    }
    await remove(row);
  };
}
