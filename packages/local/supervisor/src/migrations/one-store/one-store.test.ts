import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openQueues } from '@posthorn/local-queues';
import { openStorage, StorageFull } from '@posthorn/local-storage';
import { type OldFolderContent, type OldJob, oldNow, writeOldFolder } from '../../testing/old-folder.ts';
import { runProgram } from '../../testing/run-program.ts';
import { bringToPresentFormat } from '../present-format.ts';

const minute = 60_000;
const script = join(import.meta.dirname, '../../testing/migrate-until.ts');

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'posthorn-migration-'));
  folder = join(parent, 'data');
});
afterEach(() => rm(parent, { recursive: true }));

const checkpoint = '{"streamArn":"arn:stream","shards":{"shard-1":{"kind":"after","sequenceNumber":"7"}}}';
const content = (jobs: readonly OldJob[] = []): OldFolderContent => ({
  jobs,
  rows: { 'r/000001/a': 'a row', 't/orders': 'a table' },
  checkpoints: { 'onOrder.orders.json': checkpoint },
});

async function migrate(path = folder, queuesElsewhere = false): Promise<readonly string[]> {
  const reports: string[] = [];
  await bringToPresentFormat(path, {
    queuesElsewhere,
    now: () => oldNow,
    report: (text) => reports.push(text.replaceAll(path, 'DATA')),
  });
  return reports;
}

async function allRows(storeFolder: string): Promise<Readonly<Record<string, string>>> {
  const storage = await openStorage({ folder: storeFolder });
  const rows: Record<string, string> = {};
  for await (const portion of storage.rows({})) for (const [key, value] of portion) rows[key] = value;
  await storage.close();
  return rows;
}

/** Every file with its content, without what SQLite writes when it only reads: the index of its log, an empty log. */
async function filesIn(path: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(path, { recursive: true })).filter((name) => !name.endsWith('-shm'));
  const files: Record<string, string> = {};
  for (const name of names) {
    const file = join(path, name);
    const found = await stat(file);
    if (found.isFile() && !(name.endsWith('-wal') && found.size === 0)) files[name] = await readFile(file, 'latin1');
  }
  return files;
}

describe('the migration into one store', () => {
  it('keeps tables, jobs and checkpoints', async () => {
    await writeOldFolder(
      folder,
      content([
        { queue: 'jobs.fifo', body: 'a1', group: 'a', receives: 4 },
        { queue: 'jobs', body: 'later', dueAt: oldNow + minute },
        { queue: 'jobs.fifo', body: 'b1', group: 'b' },
        { queue: 'jobs.fifo', body: 'a2', group: 'a' },
        { queue: 'dead', body: 'dead', attributes: { reason: { DataType: 'String', StringValue: 'why' } } },
      ]),
    );
    expect(await migrate()).toEqual([
      'Migrating DATA from format 1 to 2 …',
      'Checking the queues …',
      'Migrating: 0 of 5 jobs',
      ...[1, 2, 3, 4, 5].slice(4).map((count) => `Migrating: ${count} of 5 jobs`),
    ]);
    expect((await readdir(folder)).toSorted()).toEqual(['format', 'master-key', 'store']);
    expect(await readFile(join(folder, 'format'), 'utf8')).toBe('2\n');
    expect(await allRows(join(folder, 'store'))).toMatchObject({
      'r/000001/a': 'a row',
      't/orders': 'a table',
      'p/onOrder.orders': checkpoint,
    });

    const clock = { now: oldNow };
    const storage = await openStorage({ folder: join(folder, 'store') });
    const queues = await openQueues({ storage, queues: [], now: () => clock.now });
    const take = async (name: string) => (await queues.find(name)?.take(10)) ?? [];
    const ordered = await take('jobs.fifo');
    expect(
      ordered.map(({ body, messageId, attributes }) => [body, messageId, attributes.ApproximateReceiveCount]),
    ).toEqual([
      ['a1', 'id-of-a1', '5'],
      ['b1', 'id-of-b1', '1'],
      ['a2', 'id-of-a2', '1'],
    ]);
    expect(ordered[0]?.attributes).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: 'a1' });
    expect(await take('dead')).toMatchObject([{ body: 'dead', messageAttributes: { reason: { StringValue: 'why' } } }]);
    expect(await take('jobs')).toEqual([]);
    clock.now += minute;
    expect(await take('jobs')).toMatchObject([{ body: 'later' }]);
    const attributes = await queues.execute('GetQueueAttributes', { QueueUrl: 'jobs', AttributeNames: ['All'] });
    expect(attributes).toMatchObject({
      Attributes: {
        MessageRetentionPeriod: '1209600',
        RedrivePolicy: expect.stringContaining('"maxReceiveCount":5'),
      },
    });
    await queues.close();
    await storage.close();
  });

  it('gives each application its own group on a standard queue, as new jobs have', async () => {
    const job = (applicationId: string, n: number) =>
      `{"version":1,"organisationId":"org_1","applicationId":"${applicationId}","messageId":"msg_${n}",` +
      '"endpointId":"ep_1","attemptNumber":1,"trigger":"scheduled","scheduledAt":"2026-01-01T00:00:00.123Z"}';
    const bodies = [job('app_1', 1), job('app_1', 2), job('app_2', 3), 'no job', job('app 3', 4)];
    await writeOldFolder(folder, content(bodies.map((body) => ({ queue: 'jobs', body }))));
    await migrate();
    const rows = Object.keys(await allRows(join(folder, 'store'))).filter((key) => key.startsWith('q/m/'));
    expect(rows.map((key) => key.replace(/^q\/m\/\d+\/(\S*) 0*/, '$1 '))).toEqual([
      ' 4',
      ' 5',
      'app_1 1',
      'app_1 2',
      'app_2 3',
    ]);
  });

  it('stops on a full disk, and goes on when there is room', async () => {
    await writeOldFolder(folder, content([{ queue: 'jobs', body: 'a job' }]));
    const full = new StorageFull({ folder, freeBytes: 1, minFreeBytes: 2 });
    const migrating = bringToPresentFormat(folder, {
      queuesElsewhere: false,
      now: () => oldNow,
      report: () => undefined,
      beforeChange(what) {
        if (what === 'finish') throw full;
      },
    });
    await expect(migrating).rejects.toThrow(
      /^The migration of .* stopped: The disk of .* Remove the cause and start again/,
    );
    expect(await readFile(join(folder, 'format'), 'utf8')).toBe('1 to 2\n');
    expect(await migrate()).toContain('Migrating: 1 of 1 jobs');
    expect(await readFile(join(folder, 'format'), 'utf8')).toBe('2\n');
  });

  it('reports progress on many jobs', async () => {
    const jobs = Array.from({ length: 1_100 }, (_, n) => ({ queue: 'jobs', body: `job ${n}` }));
    await writeOldFolder(folder, content(jobs));
    expect((await migrate()).slice(2)).toEqual(
      ['0', '256', '512', '768', '1,024', '1,100'].map((done) => `Migrating: ${done} of 1,100 jobs`),
    );
  });

  it('gives the same store after a kill at any step', async () => {
    const jobs = Array.from({ length: 600 }, (_, n) => ({
      queue: n % 3 === 0 ? 'jobs' : 'jobs.fifo',
      group: `g${n % 7}`,
      body: `job ${n}`,
      ...(n % 9 === 0 ? { dueAt: oldNow + n } : {}),
    }));
    const original = join(parent, 'original');
    await writeOldFolder(original, {
      ...content(jobs),
      others: { 'remote-12345678': { jobs: jobs.slice(0, 3), checkpoints: { 'a.b.json': checkpoint } } },
    });
    await mkdir(join(original, 'in-memory', 'checkpoints'), { recursive: true });
    const stores = ['store', 'remote-12345678/store'];
    const storesIn = (path: string) => Promise.all(stores.map((store) => allRows(join(path, store))));
    await cp(original, folder, { recursive: true });
    await migrate();
    const expected = await storesIn(folder);
    expect(Object.keys(expected[0] ?? {}).length).toBeGreaterThan(600);

    const killedBefore: string[] = [];
    for (let change = 1; ; change += 1) {
      const path = join(parent, `killed-${change}`);
      await cp(original, path, { recursive: true });
      const first = runProgram(script, [path, String(change)]);
      if ((await first.ended) === 0) break;
      killedBefore.push(first.stdout().trim().replace(path, 'DATA'));
      // Another kill soon after it has gone on.
      await runProgram(script, [path, '2']).ended;
      await migrate(path);
      expect([change, await storesIn(path)]).toEqual([change, expected]);
      expect((await readdir(path)).toSorted()).toEqual(['format', 'master-key', 'remote-12345678', 'store']);
      expect(await readdir(join(path, 'remote-12345678'))).toEqual(['store']);
      await rm(path, { recursive: true });
    }
    expect(killedBefore).toMatchObject([
      'format 1 to 2',
      'open',
      'queues',
      'jobs after 0',
      'finish',
      'checkpoints',
      'queues',
      'jobs after 0',
      'jobs after 256',
      'jobs after 512',
      'finish',
      'checkpoints',
      'rename',
      'format 2 after 1',
      ...['sqs', 'checkpoints', 'remote-12345678/sqs', 'remote-12345678/checkpoints', 'in-memory'].map(
        (part) => `remove DATA/${part}`,
      ),
      'format 2',
    ]);
  });

  it('reads the stream of a damaged checkpoint from the beginning, and says so', async () => {
    await writeOldFolder(folder, { ...content(), checkpoints: { 'onOrder.orders.json': '{"stre' } });
    expect(await migrate()).toContain(
      'The checkpoint onOrder.orders cannot be read: its stream is read again from the beginning',
    );
    expect(await allRows(join(folder, 'store'))).not.toHaveProperty('p/onOrder.orders');
  });

  it('takes a folder whose first start was killed', async () => {
    await writeOldFolder(folder, {});
    await migrate();
    expect(await readdir(folder)).toEqual(['format', 'master-key']);
    await writeOldFolder(folder, { jobs: [] });
    await migrate();
    expect(await readdir(folder)).toEqual(['format', 'master-key']);
  });

  it('takes tables without queues if the queues are at another endpoint', async () => {
    await writeOldFolder(folder, { rows: { 'r/1': 'a row' } });
    await migrate(folder, true);
    expect(await allRows(join(folder, 'store'))).toEqual({ 'r/1': 'a row' });
  });
});

describe('a folder that cannot be migrated', () => {
  const jobs = Array.from({ length: 400 }, (_, n) => ({ queue: 'jobs', body: `job ${n} ${'x'.repeat(200)}` }));
  beforeEach(async () => {
    await writeOldFolder(folder, {
      ...content(jobs),
      others: { 'remote-12345678': { jobs, checkpoints: { 'a.b.json': checkpoint } } },
    });
  });
  const at = (...path: readonly string[]) => join(folder, ...path);

  /** Changes one bit. */
  async function flip(file: string, position: number): Promise<void> {
    const bytes = await readFile(file);
    bytes[position] = (bytes[position] ?? 0) ^ 4;
    await writeFile(file, bytes);
  }
  const middleOf = async (file: string) => Math.floor((await stat(file)).size / 2);
  const flipMiddle = async (file: string) => flip(file, await middleOf(file));

  /** Moves the pages of the log into the database, as a clean stop does. */
  async function closeQueues(): Promise<void> {
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(at('sqs', 'fauxqs.db'));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'a flipped bit in the log of the queues',
      () => flipMiddle(at('sqs', 'fauxqs.db-wal')),
      /sqs\/fauxqs\.db: its log .* is damaged at frame \d+ of \d+/,
    ],
    [
      'a log of the queues that is cut short',
      async () => truncate(at('sqs', 'fauxqs.db-wal'), await middleOf(at('sqs', 'fauxqs.db-wal'))),
      /its log .* has \d+ whole frames, but \d+ were written/,
    ],
    ['a missing log of the queues', () => rm(at('sqs', 'fauxqs.db-wal')), /its log .* is missing/],
    [
      'a flipped bit in the database of the queues',
      async () => {
        await closeQueues();
        await flipMiddle(at('sqs', 'fauxqs.db'));
      },
      /sqs\/fauxqs\.db: /,
    ],
    [
      'a database of the queues that is cut short',
      async () => {
        await closeQueues();
        await truncate(at('sqs', 'fauxqs.db'), await middleOf(at('sqs', 'fauxqs.db')));
      },
      /sqs\/fauxqs\.db: /,
    ],
    [
      'something else than a database',
      async () => {
        await closeQueues();
        await writeFile(at('sqs', 'fauxqs.db'), 'x'.repeat(8_192));
      },
      /sqs\/fauxqs\.db: file is not a database/,
    ],
    [
      'an empty database',
      async () => {
        await closeQueues();
        await truncate(at('sqs', 'fauxqs.db'), 0);
      },
      /sqs\/fauxqs\.db: is missing or empty/,
    ],
    ['missing queues', () => rm(at('sqs'), { recursive: true }), /sqs\/fauxqs\.db: is missing or empty/],
    [
      'damaged queues of another store',
      () => flipMiddle(at('remote-12345678', 'sqs', 'fauxqs.db-wal')),
      /remote-12345678\/sqs\/fauxqs\.db: its log/,
    ],
    [
      'missing queues of another store',
      () => rm(at('remote-12345678', 'sqs'), { recursive: true }),
      /remote-12345678\/sqs\/fauxqs\.db: is missing/,
    ],
    ['missing tables', () => rm(at('dynamodb'), { recursive: true }), /dynamodb: is missing or empty/],
    ['tables without CURRENT', () => rm(at('dynamodb', 'CURRENT')), /dynamodb: is missing or empty/],
    [
      'a missing file of the tables',
      async () => {
        const log = (await readdir(at('dynamodb'))).find((name) => name.endsWith('.log'));
        await rm(at('dynamodb', log ?? ''));
      },
      /dynamodb is damaged or incomplete/,
    ],
    ['a missing master key', () => rm(at('master-key')), /master-key: is missing/],
    ['a store of a later version', () => mkdir(at('store')), /store: belongs to a later version/],
  ])('is refused with %s, and nothing in it is changed', async (_, damage, problem) => {
    await damage();
    const before = await filesIn(folder);
    await expect(migrate()).rejects.toThrow(problem);
    // Also the second time: the first one has left no trace that hides the damage.
    await expect(migrate()).rejects.toThrow(problem);
    expect(await filesIn(folder)).toEqual(before);
  });
});
