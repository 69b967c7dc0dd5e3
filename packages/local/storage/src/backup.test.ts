import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFolder, DataFolderDamaged, FolderInUse, FolderNotEmpty, openStorage, restore, verify } from './index.ts';
import { countRows, createFolder, digest, filesOf, fillFolder, flipBit, rowCount } from './testing/a-folder.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

async function anEmptyFolder(): Promise<string> {
  const folder = await createFolder();
  folders.push(folder);
  return folder;
}

async function aFilledFolder(): Promise<string> {
  const folder = await fillFolder('clean');
  folders.push(folder);
  return folder;
}

it('takes a backup under load that has every commit acknowledged before its start, and no half of one', async () => {
  const [folder, target, restored] = [await anEmptyFolder(), await anEmptyFolder(), await anEmptyFolder()];
  const storage = await openStorage({ folder });
  const value = 'x'.repeat(2_000);
  let acknowledged = 0;
  let isRunning = true;
  const pairs = async () => {
    for (let number = 0; isRunning; number += 1) {
      const key = String(number).padStart(8, '0');
      await storage.commit([
        { type: 'put', key: `a/${key}`, value },
        { type: 'put', key: `b/${key}`, value },
      ]);
      acknowledged = number;
    }
  };
  const load = pairs();
  while (acknowledged < 5_000) await new Promise((resolve) => setImmediate(resolve));
  const before = acknowledged;
  const snapshot = await storage.snapshot();
  const { pauseMs } = snapshot;
  const bytes = await copyFolder(snapshot.folder, target, 'gentle');
  await snapshot.remove();
  expect(acknowledged).toBeGreaterThan(before);
  isRunning = false;
  await load;
  await storage.close();
  expect(bytes).toBeGreaterThan(before * value.length * 0.01);
  expect(pauseMs).toBeGreaterThan(0);

  expect(await verify(target)).toMatchObject({ findings: [] });
  await restore(target, restored);
  const copy = await openStorage({ folder: restored });
  const keysOf = async (letter: string) => {
    const keys: string[] = [];
    for await (const rows of copy.rows({ gte: `${letter}/`, lt: `${letter}~` }))
      keys.push(...rows.map(([key]) => key.slice(2)));
    return keys;
  };
  const [ones, others] = [await keysOf('a'), await keysOf('b')];
  expect(ones).toEqual(others);
  expect(ones.length).toBeGreaterThan(before);
  expect(ones.at(-1)).toBe(String(ones.length - 1).padStart(8, '0'));
  await copy.close();
});

it('verifies a folder without changing it, and a store that is in use', async () => {
  const folder = await aFilledFolder();
  const before = await digest(folder);
  expect(await verify(folder)).toEqual({ findings: [], rows: rowCount });
  expect(await digest(folder)).toEqual(before);
  const storage = await openStorage({ folder });
  await expect(verify(folder)).rejects.toBeInstanceOf(FolderInUse);
  const finding = { file: 'k/00000000', problem: 'is not to our liking' };
  const snapshot = await storage.snapshot();
  const steps = new Set<string>();
  const seen = await verify(snapshot.folder, {
    check: async ({ get }) => (get('k/00000000') === undefined ? [] : [finding]),
    onProgress: ({ doing, done, total = done }) => {
      if (done === total) steps.add(doing);
    },
  });
  expect(seen).toEqual({ findings: [finding], rows: rowCount });
  expect([...steps]).toEqual(['checking files', 'checking rows']);
  await snapshot.remove();
  await storage.close();
  expect(Object.keys(await digest(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('finds damage in a backup, and restores nothing of it', async () => {
  const [folder, target] = [await aFilledFolder(), await anEmptyFolder()];
  const [table = ''] = await filesOf(folder, /\.ldb$/);
  await flipBit(join(folder, table), 0.3);
  const { findings } = await verify(folder);
  expect(findings).toEqual([{ file: table, problem: expect.stringContaining('wrong checksum') }]);
  await expect(restore(folder, target)).rejects.toBeInstanceOf(DataFolderDamaged);
  expect(await digest(target)).toEqual({});
});

it('writes only into empty folders', async () => {
  const [folder, target] = [await aFilledFolder(), await anEmptyFolder()];
  await writeFile(join(target, 'notes.txt'), 'mine');
  await expect(restore(folder, target)).rejects.toBeInstanceOf(FolderNotEmpty);
  await expect(copyFolder(folder, target, 'fast')).rejects.toBeInstanceOf(FolderNotEmpty);
  expect(Object.keys(await digest(target))).toEqual(['notes.txt']);
});

it('keeps what the backup has if the folder changes afterwards', async () => {
  const [folder, target] = [await aFilledFolder(), await anEmptyFolder()];
  const storage = await openStorage({ folder });
  const snapshot = await storage.snapshot();
  await storage.clear({});
  await copyFolder(snapshot.folder, target, 'fast');
  await snapshot.remove();
  await storage.close();
  const copy = await openStorage({ folder: target });
  expect(await countRows(copy)).toEqual({ right: rowCount, all: rowCount });
  await copy.close();
});
