import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, pickLaunchers } from './launchers.ts';

/** Processes by their commands, the nearest first. */
const ancestorsOf = (...commands: readonly string[]) =>
  commands.map((command, index) => ({ pid: 100 - index, parent: 99 - index, command }));

describe('the launchers of a program', () => {
  it('are the package runners above it, with their shells', () => {
    const above = ancestorsOf(
      'sh -c trap',
      'pnpm start',
      "sh -c 'pnpm' start",
      'npm exec pnpm@12 start',
      '-bash',
      'tmux',
    );
    expect(pickLaunchers(above)).toEqual([100, 99, 98, 97]);
  });

  it('are found when a runner is a script of Node', () => {
    expect(pickLaunchers(ancestorsOf('/usr/bin/node /usr/lib/pnpm/bin/pnpm.cjs start', 'zsh'))).toEqual([100]);
  });

  it('leave out the shell that a runner was called from', () => {
    expect(pickLaunchers(ancestorsOf('pnpm start', 'bash -c nohup pnpm start &', 'sshd'))).toEqual([100]);
  });

  it.each([[['-bash', 'sshd']], [['sh -c node start.ts', 'cron']], [['node jest', 'sh -c jest', 'pnpm test']], [[]]])(
    'are none for a program below %j',
    (commands) => {
      expect(pickLaunchers(ancestorsOf(...commands))).toEqual([]);
    },
  );
});

it('knows a process that runs from one that has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(await isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isRunning(pid)).toBe(false);
});
