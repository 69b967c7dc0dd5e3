import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, pickLaunchers } from './launchers.ts';

/** Returns processes with these commands, the parent first. */
const ancestorsOf = (...commands: readonly string[]) =>
  commands.map((command, index) => ({ pid: 100 - index, parent: 99 - index, command }));

describe('the launchers of a program', () => {
  it('are the package runners among its ancestors, with their shells', () => {
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

  it('include a runner that is a Node script', () => {
    expect(pickLaunchers(ancestorsOf('/usr/bin/node /usr/lib/pnpm/bin/pnpm.cjs start', 'zsh'))).toEqual([100]);
  });

  it('do not include the shell that called the runner', () => {
    expect(pickLaunchers(ancestorsOf('pnpm start', 'bash -c nohup pnpm start &', 'sshd'))).toEqual([100]);
  });

  it.each([[['-bash', 'sshd']], [['sh -c node start.ts', 'cron']], [['node jest', 'sh -c jest', 'pnpm test']], [[]]])(
    'are none for a program with the ancestors %j',
    (commands) => {
      expect(pickLaunchers(ancestorsOf(...commands))).toEqual([]);
    },
  );
});

it('tells a running process from one that has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(await isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isRunning(pid)).toBe(false);
});
