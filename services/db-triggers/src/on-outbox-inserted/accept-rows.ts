import { type DecodedRecord, DomainError, runInKeyOrder, UnusableData } from '@posthorn/core';
import { createNamedAcceptor, type NamedAcceptorDeps } from '@posthorn/intake';
import type { Outbox, OutboxRow } from '@posthorn/models/outbox';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import { toMessage } from './to-message.ts';

export interface AcceptRowsDeps extends SettleDeps, NamedAcceptorDeps {
  readonly remove: Outbox['remove'];
  /** The organisation of rows that name none. */
  readonly organisationId: string | undefined;
}

/**
 * Accepts the rows of the outbox as messages, and removes them: the rows of one ordering key in their order, those of
 * others beside them. A row that can never be accepted is set aside, and stays in the table. If the process dies between
 * a message and the removal of its row, the row comes again and gives the same message.
 */
export function createAcceptRows(deps: AcceptRowsDeps): RunRecords<OutboxRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const acceptRow = createAcceptRow(deps);
    const failed = await runInKeyOrder([...records.entries()], {
      keysOf: ([, { place }]) => [place.key.orderingKey ?? ''],
      run: ([, record]) => acceptRow(record),
    });
    return settleProblems(
      records.map(({ place }) => place),
      failed.map(({ entry: [index], error }): Problem => ({ index, error, concerns: { kind: 'record' } })),
    );
  };
}

/** Accepts the rows of one batch. Each application is read once. */
function createAcceptRow({ remove, counters, organisationId: usual, ...deps }: AcceptRowsDeps) {
  const accept = createNamedAcceptor(deps);
  return async (record: DecodedRecord<OutboxRow>): Promise<void> => {
    if (record.kind === 'undecodable') throw new UnusableData(record.reason);
    if (record.change.kind !== 'inserted') return;
    const { new: row, changedAt } = record.change;
    const { organisationId = usual } = row;
    if (organisationId === undefined)
      throw new UnusableData('row has no organisation, and POSTHORN_ORGANISATION is not set');
    const input = toMessage({ ...row, organisationId }, changedAt);
    try {
      const { kind } = await accept({ organisationId, application: row.application, autoCreate: false, ...input });
      if (kind === 'accepted') counters.add('OutboxRowsAccepted', 1);
    } catch (error) {
      throw error instanceof DomainError ? new UnusableData(error.message, { cause: error }) : error;
    }
    await remove(row);
  };
}
