import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runProgram } from '../testing/run-program.ts';

it.each(['backup', 'restore', 'status', 'token', 'verify'])(
  '%s says in one line that an option is unknown',
  async (command) => {
    const program = runProgram(join(import.meta.dirname, `${command}.ts`), ['--foo'], {});
    expect(await program.ended).toBe(1);
    expect(program.stdout()).toBe('');
    expect(program.stderr()).toMatch(/^Unknown option '--foo'.*\n$/);
  },
);

it('prints everything before it ends, also if its reader is slower', async () => {
  const module = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'run-command.ts')));
  const source = `import { endWith, say } from ${module}; await endWith(async () => (say('x'.repeat(2_000_000)), 0));`;
  const program = runProgram('--input-type=module', ['-e', source]);
  expect(await program.ended).toBe(0);
  expect(program.stdout()).toHaveLength(2_000_001);
});
