import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockSession } from './lock-session.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = () => join(folder, 'inner', 'a.json');

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

it('lets one session run at a time, and the next one when it has ended', async () => {
  const end = lockSession(path());
  expect(() => lockSession(path())).toThrow(`The process ${process.pid} listens already`);
  lockSession(`${path()}2`)();
  end();
  lockSession(path())();
  expect(await readdir(join(folder, 'inner'))).toEqual([]);
});

it('keeps the lock of another process that runs', async () => {
  lockSession(path())();
  await writeFile(`${path()}.lock`, String(process.ppid));
  expect(() => lockSession(path())).toThrow(`The process ${process.ppid} listens already`);
});

it('takes over what an ended process has left, or one of before with the same id', async () => {
  lockSession(path())();
  for (const text of [String(await endedProcess()), String(process.pid), '', 'x', '-1']) {
    await writeFile(`${path()}.lock`, text);
    lockSession(path())();
  }
});
