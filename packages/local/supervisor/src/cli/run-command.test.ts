import { join } from 'node:path';
import { runProgram } from '../testing/run-program.ts';

it.each(['backup', 'restore', 'status', 'token', 'verify'])(
  '%s says in one line that an option is unknown',
  async (command) => {
    const program = runProgram(join(import.meta.dirname, `${command}.ts`), ['--foo'], {});
    expect(await program.ended).toBe(1);
    expect(program.stdout()).toBe('');
    expect(program.stderr()).toMatch(/^Unknown option '--foo'.*\n$/);
  },
  60_000,
);
