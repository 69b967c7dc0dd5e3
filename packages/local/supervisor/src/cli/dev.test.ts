import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../testing/run-program.ts';

const script = join(import.meta.dirname, 'dev.ts');
const nowhere = join(tmpdir(), `posthorn-dev-${process.pid}`);

/** Runs `dev` until it ends. */
async function dev(...args: readonly string[]) {
  const program = runProgram(script, args, { POSTHORN_PORT: '0', POSTHORN_DATA_DIR: nowhere });
  const code = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe('dev', () => {
  it.each(['--help', '-h'])('prints its help with %s', async (argument) => {
    const answer = await dev(argument);
    expect(answer).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--services LIST') });
  });

  it.each([
    [['--colour'], "Unknown option '--colour'"],
    [['api'], "Unexpected argument 'api'"],
    [
      ['--services', 'api,deliver'],
      '--services api,deliver: deliver is not one of api, db-triggers, queue-workers, none',
    ],
    [['--services', ''], '--services : an empty name is not one of'],
  ])('rejects %j in one line, and starts nothing', async (args, complaint) => {
    const answer = await dev(...args);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain(`Posthorn does not start. ${complaint}`);
    expect(answer.stderr).not.toContain('    at ');
    expect(existsSync(nowhere)).toBe(false);
  });
});
