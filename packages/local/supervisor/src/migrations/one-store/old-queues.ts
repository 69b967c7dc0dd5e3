import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportedMessage, ImportedQueue } from '@posthorn/local-queues';
import {
  type MessageRow,
  type QueueRow,
  requireWholeBody,
  toImportedMessage,
  toImportedQueue,
  UnusableRow,
} from './old-rows.ts';
import { findLogDamage } from './sqlite-log.ts';

/** The queues of format 1, in the SQLite database of the queue server of that time. They are only read. */
export interface OldQueues {
  readonly queues: readonly ImportedQueue[];
  readonly messageCount: number;
  countAfter(sequence: number): number;
  /** The messages after a sequence number, in the order in which they were sent. */
  messages(after: number): Iterable<ImportedMessage>;
  close(): void;
}

/** After this many messages, other work of the process has its turn. */
const messagesPerTurn = 1_000;

/** @throws if the file is not such a database */
export function openOldQueues(file: string): OldQueues {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const hasTables = hasMessages(database);
    return {
      queues: hasTables ? readQueues(database) : [],
      messageCount: hasTables ? countAfter(database, 0) : 0,
      countAfter: (sequence) => countAfter(database, sequence),
      *messages(after) {
        for (const row of iterateMessages(database, after)) yield toImportedMessage(row);
      },
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A first start that was killed may have made no tables. */
const hasMessages = (database: DatabaseSync): boolean =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqs_messages'").get() !== undefined;

const countAfter = (database: DatabaseSync, sequence: number): number =>
  Number(database.prepare('SELECT count(*) AS messages FROM sqs_messages WHERE rowid > ?').get(sequence)?.messages);

const readQueues = (database: DatabaseSync): readonly ImportedQueue[] =>
  // The columns are those of this query.
  (
    database
      .prepare('SELECT name, attributes, sequence_counter FROM sqs_queues ORDER BY name')
      .all() as unknown as QueueRow[]
  ).map(toImportedQueue);

const iterateMessages = (database: DatabaseSync, after: number): Iterable<MessageRow> =>
  // The columns are those of the only version of this table.
  database
    .prepare('SELECT rowid, * FROM sqs_messages WHERE rowid > ? ORDER BY rowid')
    .iterate(after) as unknown as Iterable<MessageRow>;

/**
 * Reads all of the queues. Nothing is changed, but SQLite may write its index of the log (`-shm`) again.
 *
 * @returns what is wrong, or nothing
 */
export async function findQueueDamage(file: string): Promise<string | undefined> {
  // Before SQLite opens it: it makes a new index, which agrees with a damaged log.
  const inLog = await findLogDamage(file);
  if (inLog !== undefined) return `its log fauxqs.db-wal ${inLog}`;
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      return findInPages(database) ?? (hasMessages(database) ? await findInMessages(database) : undefined);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof UnusableRow || isSqliteError(error)) return error.message;
    throw error;
  }
}

function findInPages(database: DatabaseSync): string | undefined {
  const [row] = database.prepare('PRAGMA integrity_check(1)').all();
  const result = String(row?.integrity_check);
  return result === 'ok' ? undefined : result;
}

async function findInMessages(database: DatabaseSync): Promise<string | undefined> {
  const names = new Set(readQueues(database).map(({ definition }) => definition.name));
  let checked = 0;
  for (const row of iterateMessages(database, 0)) {
    requireWholeBody(row);
    const { id, queue } = toImportedMessage(row);
    if (!names.has(queue)) return `the message ${id} belongs to the queue ${queue}, which is missing`;
    checked += 1;
    if (checked % messagesPerTurn === 0) await nextTurn();
  }
  return undefined;
}

/** Such as "file is not a database". */
const isSqliteError = (error: unknown): error is { readonly message: string } =>
  (error as { code?: unknown } | undefined)?.code === 'ERR_SQLITE_ERROR';
