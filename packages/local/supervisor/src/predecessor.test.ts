import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dataFolderAt } from './data-folder.ts';
import { waitForPredecessor } from './predecessor.ts';
import { isRunning } from './processes/launchers.ts';

let folder: ReturnType<typeof dataFolderAt>;
beforeEach(async () => {
  folder = dataFolderAt(await mkdtemp(join(tmpdir(), 'posthorn-predecessor-')));
});
afterEach(() => rm(folder.path, { recursive: true }));

describe('waiting for the processes of a killed supervisor', () => {
  it('takes until they have ended', async () => {
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(orphan, 'spawn');
    await writeFile(folder.cloudFile, JSON.stringify({ processes: { api: orphan.pid } }));
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
      if (pauses === 3) orphan.kill('SIGKILL');
      await wait(10);
    };
    expect(await waitForPredecessor(folder, pause)).toBe(true);
    expect(pauses).toBeGreaterThan(2);
    // It may not have been waited for yet: then its id is still taken.
    expect(await isRunning(orphan.pid ?? 0)).toBe(false);
  });

  it.each([undefined, '{"processes":{}}', '{"proc', '{"processes":{"supervisor":OWN}}'])(
    'ends at once if the cloud file is %j',
    async (text) => {
      if (text !== undefined) await writeFile(folder.cloudFile, text.replace('OWN', String(process.pid)));
      let pauses = 0;
      expect(await waitForPredecessor(folder, async () => void pauses++)).toBe(false);
      expect(pauses).toBe(0);
    },
  );
});
