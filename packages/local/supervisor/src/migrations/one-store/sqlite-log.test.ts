import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findLogDamage } from './sqlite-log.ts';

let folder: string;
let file: string;
let database: DatabaseSync;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-log-'));
  file = join(folder, 'copy.db');
  database = new DatabaseSync(join(folder, 'open.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE rows (text TEXT)');
});
afterEach(async () => {
  if (database.isOpen) database.close();
  await rm(folder, { recursive: true });
});

const insert = (count: number, text = 'a row') => {
  for (let n = 0; n < count; n += 1) database.prepare('INSERT INTO rows VALUES (?)').run(text);
};

/** Copies the files as a kill of the process leaves them. */
async function kill(): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await copyFile(join(folder, `open.db${end}`), `${file}${end}`);
}

const frameBytes = 4_096 + 24;

describe('the log of a database', () => {
  it('is whole after a kill', async () => {
    insert(20);
    await kill();
    expect(await findLogDamage(file)).toBe(undefined);
  });

  it('is whole after a clean stop, without files beside the database', async () => {
    insert(20);
    database.close();
    await copyFile(join(folder, 'open.db'), file);
    expect(await findLogDamage(file)).toBe(undefined);
  });

  it('is whole if its pages are in the database, also if new ones follow', async () => {
    insert(50);
    database.exec('PRAGMA wal_checkpoint(RESTART)');
    await kill();
    expect(await findLogDamage(file)).toBe(undefined);
    insert(3);
    await kill();
    expect((await readFile(`${file}-wal`)).length).toBeGreaterThan(40 * frameBytes);
    expect(await findLogDamage(file)).toBe(undefined);
  });

  it('is whole if a kill has cut off a transaction that was not committed', async () => {
    insert(5);
    database.exec('PRAGMA cache_size = 1; BEGIN');
    insert(20, 'x'.repeat(10_000));
    await kill();
    const log = await readFile(`${file}-wal`);
    expect(log.length).toBeGreaterThan(20 * frameBytes);
    expect(await findLogDamage(file)).toBe(undefined);
    await writeFile(`${file}-wal`, log.subarray(0, log.length - frameBytes / 2));
    expect(await findLogDamage(file)).toBe(undefined);
  });

  it('is damaged if any bit of it is another one', async () => {
    insert(5);
    await kill();
    const log = await readFile(`${file}-wal`);
    const unnoticed: number[] = [];
    for (let at = 0; at < log.length; at += at < 100 ? 1 : 61) {
      const changed = Buffer.from(log);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(`${file}-wal`, changed);
      if ((await findLogDamage(file)) === undefined) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  });

  it('is damaged if any part of its end is missing', async () => {
    insert(5);
    await kill();
    const log = await readFile(`${file}-wal`);
    const unnoticed: number[] = [];
    for (let length = 0; length < log.length; length += 512) {
      await writeFile(`${file}-wal`, log.subarray(0, length));
      if ((await findLogDamage(file)) === undefined) unnoticed.push(length);
    }
    expect(unnoticed).toEqual([]);
  });

  it('is damaged if it belongs to another moment', async () => {
    insert(5);
    await kill();
    const earlier = await readFile(`${file}-wal`);
    database.exec('PRAGMA wal_checkpoint(RESTART)');
    insert(5);
    await kill();
    await writeFile(`${file}-wal`, earlier);
    expect(await findLogDamage(file)).toBe('does not belong to its index');
  });

  it('is checked without its index too', async () => {
    insert(5);
    await kill();
    await rm(`${file}-shm`);
    expect(await findLogDamage(file)).toBe(undefined);
    const log = await readFile(`${file}-wal`);
    log[frameBytes] = (log[frameBytes] ?? 0) ^ 1;
    await writeFile(`${file}-wal`, log);
    expect(await findLogDamage(file)).toMatch(/^is damaged at frame 1 of \d+$/);
  });
});
