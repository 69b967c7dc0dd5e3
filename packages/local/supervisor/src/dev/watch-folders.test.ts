import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FolderWatcher, watchFolders } from './watch-folders.ts';

let root: string;
let watcher: FolderWatcher;
let changed: Set<string>;
let arrived: PromiseWithResolvers<void>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'posthorn-watch-'));
  await mkdir(join(root, 'services/api/src'), { recursive: true });
  await mkdir(join(root, 'services/api/node_modules/x'), { recursive: true });
  await writeFile(join(root, 'services/api/src/a.ts'), '1');
  changed = new Set();
  arrived = Promise.withResolvers();
  watcher = watchFolders(root, ['services'], (paths) => {
    for (const path of paths) changed.add(path);
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
});
afterEach(async () => {
  watcher.close();
  await rm(root, { recursive: true });
});

/** Resolves when the path was reported as changed. */
async function reported(path: string): Promise<void> {
  while (!changed.has(path)) await arrived.promise;
}

describe('a watched folder', () => {
  it('reports a file that is written', async () => {
    await writeFile(join(root, 'services/api/src/a.ts'), '2');
    await reported('services/api/src/a.ts');
  });

  it('reports a file each time that an editor replaces it', async () => {
    for (const text of ['2', '3']) {
      changed.clear();
      await writeFile(join(root, 'services/api/src/.a.ts.swap'), text);
      await rename(join(root, 'services/api/src/.a.ts.swap'), join(root, 'services/api/src/a.ts'));
      await reported('services/api/src/a.ts');
    }
    expect([...changed]).not.toContain('services/api/src/.a.ts.swap');
  });

  it('reports files of a folder that appears later, and their changes', async () => {
    await mkdir(join(root, 'services/api/src/new/deep'), { recursive: true });
    await writeFile(join(root, 'services/api/src/new/deep/b.ts'), '1');
    await reported('services/api/src/new/deep/b.ts');
    changed.clear();
    await writeFile(join(root, 'services/api/src/new/deep/b.ts'), '2');
    await reported('services/api/src/new/deep/b.ts');
  });

  it('goes on after a folder was removed and came back', async () => {
    await rm(join(root, 'services/api/src'), { recursive: true });
    await reported('services/api/src');
    changed.clear();
    await mkdir(join(root, 'services/api/src'));
    await writeFile(join(root, 'services/api/src/c.ts'), '1');
    await reported('services/api/src/c.ts');
  });

  it('says nothing about dependencies', async () => {
    await writeFile(join(root, 'services/api/node_modules/x/index.js'), '1');
    await writeFile(join(root, 'services/api/src/a.ts'), '2');
    await reported('services/api/src/a.ts');
    expect([...changed].filter((path) => path.includes('node_modules'))).toEqual([]);
  });
});
