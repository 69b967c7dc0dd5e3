import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs code with `io`, in a process whose output nobody reads. Returns its exit code. */
async function runUnread(code: string): Promise<unknown> {
  const file = JSON.stringify(join(import.meta.dirname, 'process-io.ts'));
  const program = `const { createProcessIo } = await import(${file}); const io = createProcessIo(); ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [exitCode] = await once(child, 'exit');
  return exitCode;
}

const print = "io.stdout.write('x'.repeat(5_000_000));";

it('waits for no reader any more when a command ends at once', async () => {
  const read = 'io.outputRead().then(() => process.exit(7));';
  expect(await runUnread(`${print} ${read} io.interruptNow(); io.interruptNow();`)).toBe(7);
  expect(await runUnread(`${print} io.interruptNow(); ${read}`)).toBe(7);
});

it('stops the command as Ctrl-C does', async () => {
  const reason = "io.interrupt(); process.exit(io.stop.reason === 'interrupted' ? 7 : 1);";
  expect(await runUnread(reason)).toBe(7);
});
