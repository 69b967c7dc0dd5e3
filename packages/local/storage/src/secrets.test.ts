import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderDamaged, openStorage, restore, SecretDiffers } from './index.ts';
import { createFolder, digest, flipBit } from './testing/a-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await createFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function open(secret: string | undefined): Promise<void> {
  const bytes = secret === undefined ? undefined : Buffer.from(secret);
  const storage = await openStorage({ folder, secrets: [{ name: 'master-key', file: 'master-key', secret: bytes }] });
  await storage.close();
}

it('keeps its rows in a folder for its owner only', async () => {
  await rm(folder, { recursive: true });
  await open(undefined);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('tells the secret of the rows from another one and from none, and then changes nothing', async () => {
  await open(undefined);
  await open('right');
  await open('right');
  const before = await digest(folder);
  await expect(open('wrong')).rejects.toBeInstanceOf(SecretDiffers);
  await expect(open('wrong')).rejects.toThrow('master-key is another one than before');
  await expect(open(undefined)).rejects.toThrow('master-key is missing');
  expect(await digest(folder)).toEqual(before);
  await open('right');
});

it('knows the secret after a start without it being asked for, and after a restore', async () => {
  await open('right');
  await (await openStorage({ folder })).close();
  await expect(open('wrong')).rejects.toBeInstanceOf(SecretDiffers);
  const backup = folder;
  folder = await createFolder();
  await restore(backup, folder);
  await expect(open('wrong')).rejects.toBeInstanceOf(SecretDiffers);
  await open('right');
  await rm(backup, { recursive: true });
});

it('tells damage from another secret', async () => {
  await open('right');
  for (const share of [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]) {
    await flipBit(join(folder, 'IDENTITY'), share);
    await expect(open('right')).rejects.toBeInstanceOf(DataFolderDamaged);
    await flipBit(join(folder, 'IDENTITY'), share);
  }
  await open('right');
});

it.each([
  ['is missing', () => rm(folder, { recursive: true })],
  ['is empty', () => Promise.resolve()],
])('refuses a folder that had rows and %s, and does not create it', async (problem, damage) => {
  await damage();
  await expect(openStorage({ folder, hadRows: true })).rejects.toThrow(
    `${folder} is damaged or incomplete: the whole folder ${problem}`,
  );
  const left = await digest(folder).then(Object.keys, () => 'no folder');
  expect(left).toEqual(problem === 'is missing' ? 'no folder' : []);
});
