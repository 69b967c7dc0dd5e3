import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderDamaged, openStorage } from './index.ts';
import {
  countRows,
  createFolder,
  digest,
  filesOf,
  fillFolder,
  flipBit,
  rowCount,
  shorten,
} from './testing/a-folder.ts';

const originals: Record<string, string> = {};
const folders: string[] = [];

beforeAll(async () => {
  originals.clean = await fillFolder('clean');
  originals.killed = await fillFolder('killed');
  folders.push(...Object.values(originals));
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function copyOf(original: string): Promise<string> {
  const folder = await createFolder();
  folders.push(folder);
  await cp(originals[original] ?? '', folder, { recursive: true });
  return folder;
}

const table = /\.ldb$/;
const log = /\.log$/;
const manifest = /^MANIFEST-/;

async function first(folder: string, pattern: RegExp): Promise<string> {
  const [name] = await filesOf(folder, pattern);
  if (name === undefined) throw new Error(`No file matches ${pattern}`);
  return name;
}

type Damage = (folder: string) => Promise<string>;

const removeFile =
  (pattern: RegExp): Damage =>
  async (folder) => {
    const name = await first(folder, pattern);
    await rm(join(folder, name));
    return ` ${name} is missing`;
  };

const flip =
  (pattern: RegExp, share: number): Damage =>
  async (folder) => {
    const name = await first(folder, pattern);
    await flipBit(join(folder, name), share);
    return ` ${name} `;
  };

const cut =
  (pattern: RegExp, bytes: number): Damage =>
  async (folder) => {
    const name = await first(folder, pattern);
    await shorten(join(folder, name), bytes);
    return ` ${name} `;
  };

const damages: Readonly<Record<string, Damage>> = {
  'a missing CURRENT': removeFile(/^CURRENT$/),
  'a missing MANIFEST': removeFile(manifest),
  'a missing table': removeFile(table),
  'a missing log': removeFile(log),
  'a missing witness': removeFile(/^WITNESS$/),
  'a CURRENT with other content': async (folder) => {
    await writeFile(join(folder, 'CURRENT'), 'nothing');
    return ' CURRENT does not name a MANIFEST';
  },
  'a table with a flipped bit near its beginning': flip(table, 0.1),
  'a table with a flipped bit in the middle': flip(table, 0.5),
  'a table with a flipped bit near its end': flip(table, 0.9999),
  'a table that is cut short': cut(table, 1),
  'a log with a flipped bit at its beginning': flip(log, 0),
  'a log with a flipped bit in the middle': flip(log, 0.5),
  'a log with a flipped bit in its last record': flip(log, 1),
  'a log that is cut short by a byte': cut(log, 1),
  'a log that is cut short by a lot': cut(log, 100_000),
  'an emptied log': async (folder) => {
    const name = await first(folder, log);
    await writeFile(join(folder, name), '');
    return ` ${name} `;
  },
  'a MANIFEST with a flipped bit': flip(manifest, 0.5),
  'an emptied MANIFEST': async (folder) => {
    const name = await first(folder, manifest);
    await writeFile(join(folder, name), '');
    return ` ${name} has no beginning`;
  },
  'a witness with a flipped bit': flip(/^WITNESS$/, 0.2),
  'a MANIFEST of another folder': async (folder) => {
    const name = await first(folder, manifest);
    const other = await createFolder();
    folders.push(other);
    await (await openStorage({ folder: other })).close();
    await cp(join(other, await first(other, manifest)), join(folder, name));
    return ' is missing. It was not opened';
  },
};

describe.each(['clean', 'killed'])('a folder after a stop that was %s', (stop) => {
  it.each(Object.entries(damages))('is refused with %s, and not changed', async (_, damage) => {
    const folder = await copyOf(stop);
    const line = await damage(folder);
    const before = await digest(folder);
    const opening = openStorage({ folder });
    await expect(opening).rejects.toBeInstanceOf(DataFolderDamaged);
    await expect(opening).rejects.toThrow(line);
    expect(await digest(folder)).toEqual(before);
  });

  it('is opened without damage, with all rows', async () => {
    const storage = await openStorage({ folder: await copyOf(stop) });
    expect(await countRows(storage)).toEqual({ right: rowCount, all: rowCount });
    expect(storage.loss).toBeUndefined();
    await storage.close();
  });
});

it('opens a folder of an earlier version, which has no witness, and gives it one', async () => {
  const folder = await copyOf('killed');
  await rm(join(folder, 'WITNESS'));
  await rm(join(folder, 'IDENTITY'));
  const storage = await openStorage({ folder });
  expect(await countRows(storage)).toEqual({ right: rowCount, all: rowCount });
  await storage.close();
  expect(Object.keys(await digest(folder))).toEqual(expect.arrayContaining(['IDENTITY', 'WITNESS']));
});

const flips = Number(process.env.STORAGE_FLIPS ?? 60);

it(`finds a flipped bit wherever it is, in ${flips} places`, async () => {
  const folder = await copyOf('killed');
  const names = await filesOf(folder, /\.ldb$|\.log$|^MANIFEST-|^CURRENT$|^WITNESS$|^IDENTITY$/);
  const missed: string[] = [];
  for (let flipped = 0; flipped < flips; flipped += 1) {
    const name = names[flipped % names.length] ?? '';
    // Spread over each file, the same in each run.
    const share = (((flipped * 0.618_034) % 1) + 1) % 1;
    await flipBit(join(folder, name), share);
    const outcome = await openStorage({ folder }).then(
      (storage) => storage.close().then(() => 'opened'),
      (error: unknown) => (error instanceof DataFolderDamaged ? 'refused' : String(error)),
    );
    if (outcome !== 'refused') missed.push(`${name} at ${share}: ${outcome}`);
    await flipBit(join(folder, name), share);
  }
  expect(missed).toEqual([]);
});
