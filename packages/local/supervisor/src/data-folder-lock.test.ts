import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderTaken, lockDataFolder } from './data-folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the lock on a data folder', () => {
  it('can be taken once, until it is released', async () => {
    const unlock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderTaken);
    unlock();
    (await lockDataFolder(folder))();
  });

  it('is released when its process is killed', async () => {
    const program = `import(${JSON.stringify(join(import.meta.dirname, 'data-folder-lock.ts'))})
      .then(({ lockDataFolder }) => lockDataFolder(${JSON.stringify(folder)}))
      .then((unlock) => { console.log('locked'); setInterval(() => unlock, 1000); })`;
    const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    await expect(lockDataFolder(folder)).rejects.toThrow(/^Another Posthorn uses /);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await lockDataFolder(folder))();
  });
});
