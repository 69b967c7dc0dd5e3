import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createProgram } from './program.ts';
import { errorText } from './terminal/error-text.ts';
import { createStyle } from './terminal/style.ts';
import { runCli, runCliProcess, startCli } from './testing/run-cli.ts';
import { startServer, type TestServer } from './testing/start-server.ts';

const bin = join(import.meta.dirname, 'bin.ts');
let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const serve = async (...options: Parameters<typeof startServer>) => {
  server = await startServer(...options);
  return { POSTHORN_URL: server.url, POSTHORN_TOKEN: 'token-of-a-test' };
};

/** Starts the program with its streams in the hand of the test. */
const start = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  spawn(process.execPath, [bin, ...args], { env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env } });

describe('the command line', () => {
  it('prints its version and its help on stdout', async () => {
    expect(await runCliProcess(['--version'])).toEqual({
      code: 0,
      stdout: `${createProgram().version()}\n`,
      stderr: '',
    });
    for (const args of [['--help'], ['help'], ['api', '--help'], ['help', 'api']])
      expect(await runCli(args)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Usage: posthorn'),
        stderr: '',
      });
  });

  it.each([
    [[], 'A command is missing'],
    [['whoam'], "unknown command 'whoam'\n  Did you mean whoami?"],
    [['whoami', '--jsn'], "unknown option '--jsn'\n  Did you mean --json?"],
    [['whoami', '--profile'], "option '--profile <name>' argument missing"],
    [['tokens', 'creat'], "unknown command 'creat'"],
    [['help', 'nope'], "unknown command 'nope'"],
  ])('ends with 2 for %j', async (args, problem) => {
    expect(await runCli(args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`error: ${problem}`),
    });
  });

  it('prints an error as one JSON object on stderr with --json', async () => {
    const ran = await runCli(['whoam', '--json']);
    expect({ ...ran, stderr: JSON.parse(ran.stderr) }).toEqual({
      code: 2,
      stdout: '',
      stderr: { error: { code: 'usage', message: "unknown command 'whoam'", remedy: 'Did you mean whoami?' } },
    });
  });

  it.each([[['--json']], [['tokens', '--json']]])('prints JSON only for %j', async (args) => {
    const { stdout, stderr } = await runCli(args);
    expect([stdout, JSON.parse(stderr).error.message]).toEqual(['', 'A command is missing']);
  });

  it('names the help of the command that was called', async () => {
    expect((await runCli(['tokens', 'create'])).stderr).toContain('See posthorn tokens create --help');
    expect((await runCli(['send'])).stderr).toContain('See posthorn send --help');
  });

  it('marks errors with colours in a terminal only, unless it is told otherwise', async () => {
    const red = '\u001b[31merror:\u001b[39m';
    const errorWith = async (env: Readonly<Record<string, string>>, terminals: readonly 'stderr'[] = ['stderr']) =>
      (await runCli(['whoami'], { env, terminals })).stderr.includes(red);
    expect(await errorWith({})).toBe(true);
    expect(await errorWith({}, [])).toBe(false);
    expect(await errorWith({ NO_COLOR: '1' })).toBe(false);
    expect(await errorWith({ NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
    expect(await errorWith({ FORCE_COLOR: '1' }, [])).toBe(true);
    expect(await errorWith({ FORCE_COLOR: '0' })).toBe(false);
    expect(await errorWith({ TERM: 'dumb' })).toBe(false);
  });

  it('never lets a server act on the terminal', async () => {
    const env = await serve(() => ({ status: 404, body: { detail: '\u001b[2Jgone\u0007' } }));
    expect((await runCli(['whoami'], { env })).stderr).toContain('\\x1b[2Jgone\\x07');
  });

  it.each([
    ['send', 'a', '--app', 'acme'],
    ['replay', '--task', 'qtask_1'],
    ['trigger', 'a', '--app', 'acme', '--dry-run'],
    ['status'],
  ])('never lets a server act on the terminal by what %s prints', async (...args) => {
    const hostile = '\u001b[31m\u009b2J';
    const app = { id: `app_${hostile}`, url: `https://${hostile}`, disabled: true, lastErrorAt: null };
    const env = await serve(({ url }) => ({
      body: {
        ...{ id: `msg_${hostile}`, status: 'finished', data: url.includes('task') ? { reached: hostile } : [app] },
        schemas: { 1: { example: { name: hostile } } },
        ...{ iterator: null, done: true },
      },
    }));
    const { code, stdout } = await runCli(args, { env, terminals: ['stdout'] });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\\x1b\[31m|\\u001b\[31m/);
    for (const control of ['\u001b', '\u009b']) expect(stdout).not.toContain(control);
    if (args.includes('--dry-run')) expect(JSON.parse(stdout)).toEqual({ name: hostile });
    expect((await runCli([...args, '--json'], { env })).stdout).toContain('\u009b2J');
  });

  it('never lets a server act on the terminal by the stack of an error', () => {
    const style = createStyle(
      { env: { FORCE_COLOR: '1' }, isTerminal: { stdin: true, stdout: true, stderr: true } },
      'stderr',
    );
    const text = errorText(new Error('a\u001b[2J'), { isJson: false, isVerbose: true, style });
    expect(text.split('\u001b[2J')).toHaveLength(1);
    expect(text).toContain('Error: a\\x1b[2J\n');
    expect(text).toContain('\u001b[31merror:');
  });

  it('traces requests on stderr with --verbose, without the token', async () => {
    const env = await serve(() => 200);
    const { stderr, stdout } = await runCli(['api', 'GET', '/app', '--verbose'], { env });
    expect(stderr).toMatch(/^GET http:\/\/localhost:\d+\/api\/v1\/app: 200, 0 bytes, \d+ ms\n$/);
    expect(stdout).toBe('');
  });
});

describe('a command that is stopped', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends with %d', async (signal, code) => {
    const env = await serve(() => {
      child.kill(signal);
      return 'hang';
    });
    const child = start(['api', 'GET', '/app'], env);
    expect(await once(child, 'exit')).toEqual([code, null]);
  });

  it('ends in the same way inside another program', async () => {
    const env = await serve(() => {
      running.stop('interrupted');
      return 'hang';
    });
    const running = startCli(['api', 'GET', '/app'], { env });
    expect(await running.ended).toEqual({ code: 130, stdout: '', stderr: '' });
  });

  it('ends with 0 and quietly when the reader of its output has seen enough', async () => {
    const env = await serve(() => ({ body: 'x'.repeat(5_000_000) }));
    const child = start(['api', 'GET', '/app'], env);
    let complaints = '';
    child.stderr.on('data', (text: Buffer) => {
      complaints += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(complaints).toBe('');
  });

  it.each([['--help'], ['completion', 'bash']])('ends with 1 if its output cannot be written (%s)', async (...args) => {
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', full.fd, 'pipe'] });
    let complaints = '';
    child.stderr?.on('data', (text: Buffer) => {
      complaints += text;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    await full.close();
    expect(complaints).toContain('Cannot write to standard output');
  });

  it('has printed everything when it ends, also to a slow reader', async () => {
    const env = await serve(() => ({ body: 'x'.repeat(1_000_000) }));
    const child = start(['api', 'GET', '/app'], env);
    let length = 0;
    for await (const part of child.stdout) {
      length += (part as Buffer).length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(length).toBe(1_000_000);
  });
});
