import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText, root } from './workspace.ts';

/** Where the unit and the image expect the installation. */
const installation = '/opt/posthorn';
const unit = readText('deploy/systemd/posthorn.service');
const dockerfile = readText('Dockerfile').replaceAll('\\\n', ' ');

/** The values of an option of the unit, or of an instruction of the Dockerfile, in their order. */
const valuesOf = (text: string, pattern: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^${pattern}(.*)$`, 'gm'))].map(([, value = '']) => value.trim());

const fileOf = (path: string): string => path.replace(`${installation}/`, '');
const documented = (name: string): boolean => readText('docs/configuration.md').includes(`\`${name}\``);
const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\b(POSTHORN_\w+)=/g)].map(([, name = '']) => name);

describe('the systemd unit', () => {
  it('runs a command of the launcher', () => {
    const [program = '', command = '', ...more] = valuesOf(unit, 'ExecStart=')[0]?.split(' ') ?? [];
    expect([fileOf(program), more]).toEqual(['bin/posthorn', []]);
    accessSync(join(root, fileOf(program)), constants.X_OK);
    expect(execFileSync(join(root, fileOf(program)), ['--help'], { encoding: 'utf8' })).toContain(`\n  ${command}\n`);
  });

  it('sets documented variables only, and allows no private network', () => {
    expect(variablesIn(unit).filter((name) => !documented(name))).toEqual([]);
    expect(valuesOf(unit, 'Environment=')).toEqual([
      'POSTHORN_DATA_DIR=%S/posthorn',
      'POSTHORN_DURABILITY=machine',
      'POSTHORN_ALLOWED_SUBNETS=none',
    ]);
  });

  it.each([
    ['Restart', 'always'],
    ['StartLimitIntervalSec', '0'],
    ['KillMode', 'mixed'],
    ['LimitNOFILE', '65536'],
    ['DynamicUser', 'yes'],
    ['StateDirectory', 'posthorn'],
    ['ProtectSystem', 'strict'],
    ['NoNewPrivileges', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
    // V8 writes machine code and runs it.
    ['MemoryDenyWriteExecute', 'no'],
  ])('has %s=%s', (name, value) => {
    expect(valuesOf(unit, `${name}=`)).toEqual([value]);
  });
});

const systemd = (args: readonly string[]) =>
  new Promise<{ code: unknown; output: string }>((resolve) =>
    execFile('systemd-analyze', args, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    ),
  );
const hasSystemd = (await systemd(['--version'])).code === 0;
if (!hasSystemd) console.warn('No systemd-analyze here, so only the text of the unit is checked.');

const describeWithSystemd = hasSystemd ? describe : () => undefined;
describeWithSystemd('the systemd unit, as systemd reads it', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-unit-'));
    file = join(folder, 'posthorn.service');
    await writeFile(file, unit.replaceAll(installation, root));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has no mistake', async () => {
    expect(await systemd(['verify', '--man=no', file])).toEqual({ code: 0, output: '' });
  });

  it('is hardened: its exposure is at most 2.0 of 10', async () => {
    const { code, output } = await systemd(['security', '--offline=true', '--threshold=20', '--no-pager', file]);
    expect([code, output]).toEqual([0, expect.stringContaining('Overall exposure level for posthorn.service')]);
  });
});

describe('the Dockerfile', () => {
  it('copies files of the repository that .dockerignore lets through', () => {
    const copied = valuesOf(dockerfile, 'COPY (?!--from)').flatMap((files) => files.split(' ').slice(0, -1));
    expect(copied.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const letThrough = valuesOf(readText('.dockerignore'), '!');
    expect(copied.toSorted()).toEqual(letThrough.toSorted());
  });

  it('runs programs of the installation, and not as root', () => {
    const named = [...dockerfile.matchAll(/"(\/opt\/posthorn\/(?!node_modules)[^"]+)"/g)].map(([, path = '']) => path);
    expect(named).toHaveLength(2);
    expect(named.filter((path) => !existsSync(join(root, fileOf(path))))).toEqual([]);
    expect(valuesOf(dockerfile, 'USER ')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  it('sets documented variables only, and allows no private network', () => {
    expect(variablesIn(dockerfile).filter((name) => !documented(name))).toEqual([]);
    expect(dockerfile).toContain('POSTHORN_ALLOWED_SUBNETS=none');
    expect(dockerfile).toContain('POSTHORN_HOST=0.0.0.0');
  });
});
