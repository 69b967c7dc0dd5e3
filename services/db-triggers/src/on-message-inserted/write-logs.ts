import {
  type DecodedRecord,
  type FanOutMessage,
  isId,
  isPassingError,
  type LogEntry,
  type LogNotices,
  type MessageLogRepository,
  placementOfMessageId,
} from '@posthorn/core';
import type { MessagesTableRow } from '@posthorn/models/stream-images';
import type { Clock } from '@posthorn/platform';
import type { Problem } from '../settle-problems.ts';
import type { PlanRecordDeps } from './plan-record.ts';

export interface WriteLogsDeps {
  readonly readApplication: PlanRecordDeps['readApplication'];
  readonly messageLog: Pick<MessageLogRepository, 'append'>;
  /** Who is told that a log has grown. */
  readonly logNotices?: Pick<LogNotices, 'tell'> | undefined;
  readonly clock: Clock;
  /** As long as a message can be stored. */
  readonly logDays: number;
}

interface LoggedRecord {
  readonly applicationId: string;
  readonly entry: LogEntry;
  readonly committedAt: Date;
  readonly index: number;
}

const dayMs = 24 * 3_600_000;

/**
 * Writes the messages of applications that are polled to their logs, in the order in which they were committed: one row for
 * each application of the batch.
 *
 * It gets the records that the stream is going to count as done, and no others: what is run again would be there twice. If
 * one application's log cannot be written now, nothing counts as done: the whole batch is run again. Logs that have it
 * already leave it out then.
 *
 * @param done - the records of the batch before the first one that is to be run again
 */
export async function writeLogs(
  deps: WriteLogsDeps,
  done: readonly DecodedRecord<MessagesTableRow>[],
): Promise<readonly Problem[]> {
  const applications = Object.groupBy(done.flatMap(toLogged), ({ applicationId }) => applicationId);
  const results = await Promise.all(
    Object.values(applications).map(async (logged = []): Promise<readonly Problem[]> => {
      try {
        await writeLog(deps, logged);
        return [];
      } catch (error) {
        // With a passing error, the first record stands for the whole batch.
        if (isPassingError(error)) return [{ index: 0, error, concerns: { kind: 'record' } }];
        return logged.map(({ index }) => ({ index, error, concerns: { kind: 'record' } }));
      }
    }),
  );
  return results.flat();
}

async function writeLog(
  { readApplication, messageLog, logNotices, clock, logDays }: WriteLogsDeps,
  logged: readonly LoggedRecord[],
): Promise<void> {
  const last = logged.at(-1);
  if (last === undefined) return;
  // An application that cannot be read is a problem of each of its records already.
  const application = await readApplication(last.applicationId).catch(() => undefined);
  if (!application?.isPolled) return;
  try {
    await messageLog.append(last.applicationId, {
      entries: logged.map(({ entry }) => entry),
      committedAt: last.committedAt,
      expiresAt: new Date(clock().getTime() + logDays * dayMs),
    });
  } finally {
    // A write that failed may have been made.
    logNotices?.tell(last.applicationId);
  }
}

/** Only what is in the order of its application. A message with sharded placement has a relay there. */
function toLogged(record: DecodedRecord<MessagesTableRow>, index: number): readonly LoggedRecord[] {
  if (record.kind !== 'change' || record.change.kind !== 'inserted') return [];
  const { sequenceNumber: sequence, changedAt: committedAt, new: row } = record.change;
  const ids = orderedIdsOf(row);
  if (ids === undefined) return [];
  const { applicationId, messageId } = ids;
  return [{ applicationId, entry: { sequence, messageId }, committedAt, index }];
}

function orderedIdsOf(row: MessagesTableRow): Pick<FanOutMessage, 'applicationId' | 'messageId'> | undefined {
  switch (row.kind) {
    case 'message':
      return isInOrder(row.message) ? row.message : undefined;
    case 'relay':
      return isMessage(row) ? row : undefined;
    case 'resend':
    case 'command':
    case 'chunk':
      return undefined;
  }
}

/** A row that was put there by hand can have any key. */
const isMessage = ({ messageId }: Pick<FanOutMessage, 'messageId'>): boolean => isId('message', messageId);

const isInOrder = (message: FanOutMessage): boolean =>
  isMessage(message) && placementOfMessageId(message.messageId) === 'ordered';
