import { cp, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openWitness, readWitness } from './folder/witness.ts';
import { DataFolderDamaged, openStorage, verify } from './index.ts';
import {
  countRows,
  createFolder,
  digest,
  filesOf,
  fillFolder,
  pretendMachineCrash,
  rowCount,
  shorten,
} from './testing/a-folder.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

/** Makes a folder look as if the machine had started again since. */
async function aFolderAfterCrash(durability: 'process' | 'machine'): Promise<{ folder: string; log: string }> {
  const folder = await fillFolder('killed', durability);
  folders.push(folder);
  pretendMachineCrash(folder);
  const [log = ''] = await filesOf(folder, /\.log$/);
  return { folder, log };
}

/** Writes zeros, as a file system does for a part that it had not written before the crash. */
async function zero(path: string, from: number, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(bytes), 0, bytes, from);
  await file.close();
}

it('is opened again and again after a kill that followed a failed write, without the refused changes', async () => {
  const folder = await fillFolder('killed');
  folders.push(folder);
  const witness = readWitness(folder);
  if (typeof witness !== 'object') throw new Error('The folder has no witness');
  // The last group of the log was refused.
  const refused = 20;
  openWitness(folder, { ...witness, state: 'failed', last: witness.last - refused }).close();
  const right = rowCount - refused;
  for (let kills = 0; kills < 3; kills += 1) {
    const storage = await openStorage({ folder });
    expect(await countRows(storage)).toEqual({ right, all: right });
    await storage.commit([{ type: 'put', key: 'z', value: String(kills) }]);
    const killed = await createFolder();
    folders.push(killed);
    await cp(folder, killed, { recursive: true });
    await storage.close();
    const again = await openStorage({ folder: killed });
    expect(await countRows(again)).toEqual({ right, all: right });
    await again.close();
  }
});

describe('after a crash of the machine, with commits that survive a process', () => {
  it('is opened with what is left, and says what is missing', async () => {
    const { folder, log } = await aFolderAfterCrash('process');
    await shorten(join(folder, log), 100_000);
    const storage = await openStorage({ folder });
    const { right, all } = await countRows(storage);
    expect(all).toBe(right);
    expect(storage.loss).toMatchObject({ lastSequence: right, missingChanges: rowCount - right });
    expect(right).toBeLessThan(rowCount);
    await storage.close();
    expect(await verify(folder)).toEqual({ findings: [], rows: right });
  });

  it('keeps no change that follows a hole, and sets aside what it cannot read', async () => {
    const { folder, log } = await aFolderAfterCrash('process');
    const hole = { from: 200_000, bytes: 8_192 };
    await zero(join(folder, log), hole.from, hole.bytes);
    const seen = await verify(folder);
    expect(seen.loss).toMatchObject({ unreadableBytes: expect.any(Number) });
    const storage = await openStorage({ folder });
    const { right, all } = await countRows(storage);
    expect(all).toBe(right);
    expect(storage.loss).toMatchObject({ missingChanges: rowCount - right });
    await storage.close();
    expect(await readdir(join(folder, 'set-aside'))).toHaveLength(1);
    const again = await openStorage({ folder });
    expect(again.loss).toBeUndefined();
    await again.close();
  });

  it('is opened without a word if nothing is missing', async () => {
    const { folder } = await aFolderAfterCrash('process');
    const storage = await openStorage({ folder });
    expect(await countRows(storage)).toEqual({ right: rowCount, all: rowCount });
    expect(storage.loss).toBeUndefined();
    await storage.close();
  });
});

describe('after a crash of the machine, with commits that survive it', () => {
  it('is refused if acknowledged changes are missing', async () => {
    const { folder, log } = await aFolderAfterCrash('machine');
    await shorten(join(folder, log), 100_000);
    const before = await digest(folder);
    await expect(openStorage({ folder })).rejects.toBeInstanceOf(DataFolderDamaged);
    expect(await digest(folder)).toEqual(before);
  });

  it('is opened with a torn write that was not acknowledged', async () => {
    const { folder, log } = await aFolderAfterCrash('machine');
    const file = await open(join(folder, log), 'a');
    await file.write(Buffer.alloc(5_000));
    await file.close();
    const storage = await openStorage({ folder, durability: 'machine' });
    expect(await countRows(storage)).toEqual({ right: rowCount, all: rowCount });
    expect(storage.loss).toMatchObject({ missingChanges: 0 });
    await storage.close();
  });
});
