import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataFolder, storeOf, writeToken } from './data-folder.ts';
import { replaceFile } from './replace-file.ts';
import { noteStore, readStores } from './stores-of-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'posthorn-folder-'));
});
afterEach(() => rm(parent, { recursive: true }));

const now = new Date('2026-01-01T00:00:00Z');
async function prepare(path: string) {
  const folder = await prepareDataFolder(path, {
    now: () => now.getTime(),
    queuesElsewhere: false,
    report: () => undefined,
  });
  await writeToken(folder, now);
  return folder;
}
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('the data folder', () => {
  it('and its secrets are for their owner only', async () => {
    const folder = await prepare(join(parent, 'a', 'b'));
    expect(await modeOf(folder.path)).toBe(0o700);
    for (const file of [folder.tokenFile, folder.jwtSecretFile, folder.masterKeyFile])
      expect(await modeOf(file)).toBe(0o600);
  });

  it('keeps its secrets over a restart, so that existing tokens stay valid', async () => {
    const read = ({ jwtSecretFile, masterKeyFile, tokenFile }: Awaited<ReturnType<typeof prepareDataFolder>>) =>
      Promise.all([jwtSecretFile, masterKeyFile, tokenFile].map((file) => readFile(file, 'utf8')));
    const first = await read(await prepare(parent));
    expect(await read(await prepare(parent))).toEqual(first);
    expect(new Set(first).size).toBe(3);
  });

  it('names its variable if the path cannot be a folder', async () => {
    const file = join(parent, 'file');
    await replaceFile(file, 'no folder');
    for (const path of [file, join(file, 'below')])
      await expect(prepare(path)).rejects.toThrow(`POSTHORN_DATA_DIR: ${path} is not a writable folder`);
  });

  it('has a separate folder for each store', () => {
    const stores = ['embedded', 'http://localhost:8000', 'http://localhost:8001'];
    const folders = stores.map(storeOf);
    expect(folders[0]).toBe('store');
    expect(new Set(folders).size).toBe(stores.length);
    expect(storeOf('local')).toBeUndefined();
  });

  it.each(['master-key', 'jwt-secret'])('is refused without its %s if it has data, and not changed', async (name) => {
    await prepare(parent);
    await rm(join(parent, name));
    await prepare(parent);
    await mkdir(join(parent, 'store'));
    await noteStore(parent, 'store');
    await rm(join(parent, name));
    const before = await readdir(parent);
    await expect(prepare(parent)).rejects.toThrow(`${join(parent, name)} is missing. The data was stored with`);
    await rm(join(parent, 'store'), { recursive: true });
    await expect(prepare(parent)).rejects.toThrow(`${join(parent, name)} is missing`);
    expect(await readdir(parent)).toEqual(before.filter((each) => each !== 'store'));
  });

  it('remembers the stores that were ready', async () => {
    await prepare(parent);
    expect(await readStores(parent)).toEqual([]);
    for (const store of ['store', 'remote-1/store', 'store']) await noteStore(parent, store);
    expect(await readStores(parent)).toEqual(['store', 'remote-1/store']);
    await prepare(parent);
    expect(await readStores(parent)).toEqual(['store', 'remote-1/store']);
  });

  it('replaces a file in one step and leaves no temporary file', async () => {
    const path = join(parent, 'file');
    await replaceFile(path, 'old');
    await replaceFile(path, 'new');
    expect([await readFile(path, 'utf8'), await modeOf(path), await readdir(parent)]).toEqual(['new', 0o600, ['file']]);
  });
});
