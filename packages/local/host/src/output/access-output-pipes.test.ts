import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { countDropped } from '@posthorn/contracts/api/request-facts';

const program = join(import.meta.dirname, '../testing/access-program.ts');
const count = 50_000;
/** What the default backlog of 4,000,000 characters holds of lines of 400 characters with their ends. */
const inBacklog = 10_000;

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** Starts a program that adds all lines. Nobody reads them yet. */
function startProgram(longestMs: number) {
  const child = spawn(process.execPath, [program, String(count), String(longestMs)], {
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  running.push(child);
  const { stdout } = child;
  if (stdout === null) throw new Error('it has a pipe');
  const exited = once(child, 'exit');
  const message = async () => (await once(child, 'message'))[0] as { readonly kept: number; readonly missing: number };
  return {
    stdout,
    added: message,
    async end() {
      const answer = message();
      child.send('end');
      const { missing } = await answer;
      const [code] = await exited;
      return { missing, code };
    },
  };
}

/** Counts whole lines, and those that other lines say are missing. */
function countLines(output: string) {
  const lines = output.split('\n').slice(0, -1);
  const dropped = lines.map(countDropped).filter((number) => number > 0);
  return { received: lines.length - dropped.length, dropped: dropped.reduce((sum, number) => sum + number, 0) };
}

it('ends without a reader, and has kept no more than the backlog', async () => {
  const { added, end } = startProgram(100);
  const { kept } = await added();
  // Node itself never has more than one piece.
  expect(kept).toBeLessThan(70_000);
  const { missing, code } = await end();
  expect(code).toBe(0);
  // The pipe itself has taken some.
  expect(missing).toBeLessThanOrEqual(count);
  expect(missing).toBeGreaterThan(count - inBacklog);
});

it('gives a reader that goes on late the backlog, and the exact number of all other lines', async () => {
  const { stdout, added, end } = startProgram(60_000);
  await added();
  const read = text(stdout);
  expect(await end()).toEqual({ missing: 0, code: 0 });
  const { received, dropped } = countLines(await read);
  expect(received + dropped).toBe(count);
  expect(received).toBeGreaterThanOrEqual(inBacklog - 1);
  expect(received).toBeLessThan(2 * inBacklog);
});

it('goes on when its reader has closed the pipe, and counts every line', async () => {
  const { stdout, added, end } = startProgram(60_000);
  stdout.destroy();
  await added();
  const { missing, code } = await end();
  expect(code).toBe(0);
  expect(missing).toBe(count);
});
