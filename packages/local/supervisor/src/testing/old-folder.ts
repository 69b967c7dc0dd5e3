import { hash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStorage } from '@posthorn/local-storage';

/** A job in a folder of format 1. */
export interface OldJob {
  readonly queue: string;
  readonly body: string;
  readonly group?: string;
  readonly sentAt?: number;
  readonly receives?: number;
  readonly dueAt?: number;
  readonly attributes?: object;
}

export interface OldFolderContent {
  readonly jobs?: readonly OldJob[];
  /** Rows of the tables, by their keys. None: there are no tables. */
  readonly rows?: Readonly<Record<string, string>>;
  /** Checkpoints by the names of their files. */
  readonly checkpoints?: Readonly<Record<string, string>>;
  /** The content of other stores, by the names of their folders. */
  readonly others?: Readonly<Record<string, OldFolderContent>>;
}

export const oldNow = 1_800_000_000_000;

/** Writes a folder of format 1, as the killed processes of that version left it. */
export async function writeOldFolder(path: string, content: OldFolderContent): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'format'), '1\n');
  await writeFile(join(path, 'master-key'), 'a key');
  await writeStore(path, content);
  for (const [name, other] of Object.entries(content.others ?? {})) await writeStore(join(path, name), other);
}

async function writeStore(folder: string, { jobs, rows, checkpoints = {} }: OldFolderContent): Promise<void> {
  if (jobs) await writeQueues(join(folder, 'sqs'), jobs);
  if (rows) await writeTables(join(folder, 'dynamodb'), rows);
  for (const [name, text] of Object.entries(checkpoints)) {
    await mkdir(join(folder, 'checkpoints', 'a-service'), { recursive: true });
    await writeFile(join(folder, 'checkpoints', 'a-service', name), text);
  }
}

async function writeTables(folder: string, rows: Readonly<Record<string, string>>): Promise<void> {
  const storage = await openStorage({ folder });
  await storage.commit(Object.entries(rows).map(([key, value]) => ({ type: 'put', key, value })));
  await storage.close();
  // That version wrote LevelDB's files only.
  for (const name of ['IDENTITY', 'WITNESS']) await rm(join(folder, name));
}

const schema = `
CREATE TABLE sqs_queues (name TEXT PRIMARY KEY, url TEXT NOT NULL, arn TEXT NOT NULL, attributes TEXT NOT NULL,
  tags TEXT NOT NULL, created_timestamp INTEGER NOT NULL, last_modified_timestamp INTEGER NOT NULL,
  sequence_counter INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sqs_messages (message_id TEXT PRIMARY KEY, queue_name TEXT NOT NULL REFERENCES sqs_queues(name),
  body TEXT NOT NULL, md5_of_body TEXT NOT NULL, message_attributes TEXT NOT NULL,
  md5_of_message_attributes TEXT NOT NULL, sent_timestamp INTEGER NOT NULL,
  approximate_receive_count INTEGER NOT NULL DEFAULT 0, approximate_first_receive_timestamp INTEGER,
  delay_until INTEGER, message_group_id TEXT, message_deduplication_id TEXT, sequence_number TEXT,
  receipt_handle TEXT, visibility_deadline INTEGER);`;

/** The queues that every folder has: two, and the dead letters of the first. */
const queues = {
  jobs: {
    RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":5}',
    MessageRetentionPeriod: '1209600',
  },
  'jobs.fifo': { FifoQueue: 'true', VisibilityTimeout: '120' },
  dead: {},
};

/** Copies the files of an open database: all rows are still in its log. */
async function writeQueues(folder: string, jobs: readonly OldJob[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const open = await mkdtemp(join(tmpdir(), 'old-queues-'));
  const database = new DatabaseSync(join(open, 'fauxqs.db'));
  database.exec(`PRAGMA journal_mode = WAL; ${schema} BEGIN`);
  const addQueue = database.prepare("INSERT INTO sqs_queues VALUES (?, '', '', ?, '{}', 0, 0, 40)");
  for (const [name, attributes] of Object.entries(queues)) addQueue.run(name, JSON.stringify(attributes));
  const addJob = database.prepare(
    "INSERT INTO sqs_messages VALUES (?, ?, ?, ?, ?, '', ?, ?, NULL, ?, ?, ?, NULL, NULL, NULL)",
  );
  for (const { queue, body, group, sentAt = oldNow - 1_000, receives = 0, dueAt, attributes = {} } of jobs) {
    const digest = hash('md5', body);
    const deduplicationId = queue.endsWith('.fifo') ? body : null;
    const text = JSON.stringify(attributes);
    const id = `id-of-${body.replaceAll(' ', '-')}`;
    addJob.run(id, queue, body, digest, text, sentAt, receives, dueAt ?? null, group ?? null, deduplicationId);
  }
  database.exec('COMMIT');
  for (const end of ['', '-wal', '-shm'])
    await copyFile(join(open, `fauxqs.db${end}`), join(folder, `fauxqs.db${end}`));
  database.close();
  await rm(open, { recursive: true });
}
