import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolderAt } from './data-folder.ts';
import { waitForPredecessor } from './predecessor.ts';

let folder: ReturnType<typeof dataFolderAt>;
beforeEach(async () => {
  folder = dataFolderAt(await mkdtemp(join(tmpdir(), 'posthorn-predecessor-')));
});
afterEach(() => rm(folder.path, { recursive: true }));

describe('what a supervisor left that was killed', () => {
  it('is waited for', async () => {
    const orphan = spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 700)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(orphan.stdout, 'data');
    await writeFile(folder.cloudFile, JSON.stringify({ processes: { api: orphan.pid } }));
    await waitForPredecessor(folder);
    expect(() => process.kill(orphan.pid ?? 0, 0)).toThrow('ESRCH');
  }, 30_000);

  it.each([undefined, '{"processes":{}}', '{"proc'])('is nothing where there is nothing, as in %j', async (text) => {
    if (text !== undefined) await writeFile(folder.cloudFile, text);
    await waitForPredecessor(folder);
  });
});
