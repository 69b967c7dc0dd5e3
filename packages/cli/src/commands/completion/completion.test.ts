import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { runCli } from '../../testing/run-cli.ts';

const run = promisify(execFile);
const scriptFor = async (shell: string) => (await runCli(['completion', shell])).stdout;
const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).error === undefined;

/** Presses the tabulator behind a line. The last word is the one that is being typed. */
async function completeInBash(line: string): Promise<readonly string[]> {
  const words = line.split(' ');
  const program = `${await scriptFor('bash')}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
    _posthorn; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', program]);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('posthorn completion bash', () => {
  it('completes commands', async () => {
    expect(await completeInBash('posthorn who')).toEqual(['whoami']);
    expect(await completeInBash('posthorn log')).toEqual(['login', 'logout']);
    expect(await completeInBash('posthorn --json a')).toEqual(['api']);
    expect(await completeInBash('posthorn tokens c')).toEqual(['create']);
  });

  it('takes the value of an option for no command, and completes none', async () => {
    expect(await completeInBash('posthorn --profile tokens who')).toEqual(['whoami']);
    expect(await completeInBash('posthorn tokens create --app list --exp')).toEqual(['--expires']);
    expect(await completeInBash('posthorn send --app ')).toEqual([]);
  });

  it("completes a command's options, the program's options and known values", async () => {
    expect(await completeInBash('posthorn api --b')).toEqual(['--body']);
    expect(await completeInBash('posthorn logout --')).toEqual(
      expect.arrayContaining(['--revoke', '--json', '--help']),
    );
    expect(await completeInBash('posthorn completion ')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(await completeInBash('posthorn logout --bod')).toEqual([]);
  });
});

describe('posthorn completion', () => {
  it.each(['bash', 'zsh', 'fish'])('writes a script that %s can read, and has every command', async (shell) => {
    const script = await scriptFor(shell);
    for (const word of ['login', 'whoami', 'completion', 'revoke', 'allow-http']) expect(script).toContain(word);
    if (isInstalled(shell)) await run(shell, ['-n', '-c', script]);
  });

  it('prints JSON if it is told to', async () => {
    const { stdout } = await runCli(['completion', 'bash', '--json']);
    expect(JSON.parse(stdout)).toEqual({ shell: 'bash', script: await scriptFor('bash') });
  });

  it('is a usage error for another shell', async () => {
    expect(await runCli(['completion', 'tcsh'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("'tcsh' is invalid for argument 'shell'"),
    });
  });
});
