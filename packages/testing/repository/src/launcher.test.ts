import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readText, root } from './workspace.ts';

const cli = 'packages/local/supervisor/src/cli';
/** Prints what the launcher gave to it. */
const echo = `const { HOME, INIT_CWD, POSTHORN_DATA_DIR } = process.env;
console.log(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), HOME, INIT_CWD, POSTHORN_DATA_DIR }));`;

let home: string;
/** An installation with the real launcher, and with commands that only print what they get. */
let installation: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'posthorn-launcher-')));
  installation = join(home, 'installation');
  await mkdir(join(installation, 'bin'), { recursive: true });
  await copyFile(join(root, 'bin/posthorn'), join(installation, 'bin/posthorn'));
  await write('package.json', readText('package.json'));
  await write('pnpm-lock.yaml', '');
  await write('node_modules/.modules.yaml', '');
  for (const name of ['start.mjs', 'token.ts']) await write(`${cli}/${name}`, echo);
});
afterEach(() => rm(home, { recursive: true }));

async function write(file: string, text: string): Promise<string> {
  const path = join(installation, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** A program in place of Node.js, which says that it has this version. */
async function writeNode(file: string, version: string): Promise<void> {
  const path = await write(
    file,
    `#!/bin/sh\n[ "$1" = --version ] && echo ${version} || exec "${process.execPath}" "$@"\n`,
  );
  await chmod(path, 0o755);
}

interface Run {
  readonly file?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the launcher with the system's tools and without the Node.js of this test. */
function launch(args: readonly string[], { file = join(installation, 'bin/posthorn'), cwd = home, env }: Run = {}) {
  const PATH = `${join(installation, 'tools')}:/usr/bin:/bin`;
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
    execFile(file, args, { cwd, env: { PATH, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    ),
  );
}

describe('bin/posthorn', () => {
  beforeEach(() => writeNode('node_modules/node/bin/node', 'v24.0.0'));

  it('lists the commands that package.json has scripts for', async () => {
    const { code, stdout, stderr } = await launch(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    const scripts = Object.entries(JSON.parse(readText('package.json')).scripts as Record<string, string>);
    const commands = scripts.filter(([, script]) => script.includes(`${cli}/`)).map(([name]) => name);
    expect(commands).toEqual(expect.arrayContaining(['start', 'token']));
    expect([...stdout.matchAll(/^ {2}([a-z-]+)$/gm)].map(([, name]) => name)).toEqual(commands);
  });

  it.each([['halt'], ['star'], ['start!'], ['test'], ['.*'], ['start --help']])(
    'rejects the command %s',
    async (command) => {
      const { code, stdout, stderr } = await launch([command]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(`posthorn: there is no command '${command}'. See: bin/posthorn --help\n`);
    },
  );

  it('runs a command in the installation, with the arguments as they are', async () => {
    const { code, stdout, stderr } = await launch(['token', '--org', 'a b', '*'], { env: { HOME: '/home/me' } });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      cwd: installation,
      args: ['--org', 'a b', '*'],
      HOME: '/home/me',
      INIT_CWD: home,
    });
  });

  it('gives a home to a user that has none', async () => {
    expect(JSON.parse((await launch(['start'])).stdout)).toMatchObject({ HOME: '/nonexistent' });
  });

  it.each([
    ['data', (): string => join(home, 'data')],
    ['/var/lib/data', (): string => '/var/lib/data'],
    ['', (): string => ''],
  ])('takes the data folder %j from where it is called', async (folder, expected) => {
    const { stdout } = await launch(['start'], { env: { POSTHORN_DATA_DIR: folder } });
    expect(JSON.parse(stdout)).toMatchObject({ POSTHORN_DATA_DIR: expected() });
  });

  it('finds the installation through symbolic links', async () => {
    await mkdir(join(home, 'links'));
    await symlink('../installation/bin/posthorn', join(home, 'links/first'));
    await symlink(join(home, 'links/first'), join(home, 'second'));
    const { stdout } = await launch(['start'], { file: join(home, 'second') });
    expect(JSON.parse(stdout)).toMatchObject({ cwd: installation });
  });

  it('says how to install the dependencies if they are missing', async () => {
    await rm(join(installation, 'node_modules'), { recursive: true });
    const { code, stdout, stderr } = await launch(['start']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^posthorn: the dependencies are not installed\. .*: cd \S+installation && npx pnpm@12 install\n$/,
    );
  });

  it('warns if the dependencies were installed for another version', async () => {
    const state = await write('node_modules/.pnpm-workspace-state-v1.json', '{}');
    expect(await launch(['start'])).toMatchObject({ code: 0, stderr: '' });
    await utimes(state, new Date(0), new Date(0));
    const { code, stderr } = await launch(['start']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^posthorn: pnpm-lock\.yaml is newer than the installed dependencies\. .*pnpm@12 install\n$/,
    );
  });
});

describe('bin/posthorn without the Node.js of the installation', () => {
  it('uses the one in PATH', async () => {
    await writeNode('tools/node', 'v24.0.0');
    expect(await launch(['start'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('rejects one that is too old', async () => {
    await writeNode('tools/node', 'v22.21.1');
    const { code, stderr } = await launch(['start']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^posthorn: Node\.js 24 or later is needed, and \S+tools\/node is v22\.21\.1\. Install it: /,
    );
  });
});
