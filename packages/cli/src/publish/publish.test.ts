import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  buildProgram,
  checkTypes,
  type Installed,
  installPacked,
  runProgram,
  supportedNodes,
} from '@posthorn/publishing';
import { startServer } from '../testing/start-server.ts';

const own = join(import.meta.dirname, '../..');
const maxBundleBytes = 300_000;
let installed: Installed;

beforeAll(async () => {
  await buildProgram(own);
  installed = await installPacked(join(own, 'dist'));
}, 120_000);

afterAll(() => installed[Symbol.asyncDispose]());

type NodeName = keyof typeof supportedNodes;

/** Runs the installed program as a user does, on a Node.js. */
const npx = (node: NodeName, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  promisify(execFile)('npx', ['posthorn', ...args], {
    cwd: installed.folder,
    env: {
      HOME: installed.folder,
      npm_config_offline: 'true',
      npm_config_yes: 'false',
      ...env,
      PATH: `${dirname(supportedNodes[node])}:${process.env.PATH}`,
    },
  });

describe.each(['oldest', 'current'] as const)('the installed program, on the %s Node.js', (node) => {
  it('is one that npx finds, and speaks to a server', async () => {
    const { version } = JSON.parse(await readFile(join(own, '../../package.json'), 'utf8'));
    expect((await npx(node, ['--version'])).stdout).toBe(`${version}\n`);

    const server = await startServer(() => ({ body: '{"data":[]}' }));
    try {
      const env = { POSTHORN_URL: server.url, POSTHORN_TOKEN: 'token-of-a-test' };
      expect(await npx(node, ['api', 'GET', '/app'], env)).toEqual({ stdout: '{"data":[]}', stderr: '' });
      expect(await npx(node, ['api', 'POST', '/app', '--body', '{}'], env)).toMatchObject({ stdout: '{"data":[]}' });
    } finally {
      await server.stop();
    }
  }, 60_000);

  it('runs a transformation in its sandbox', async () => {
    const endpoint = { id: 'ep_1', url: 'https://example.com/', disabled: false, eventTypes: null, channels: null };
    const code = 'const handler = (webhook) => ({ ...webhook, payload: { seen: webhook.payload.n } })';
    const head = { id: 'msg_1', eventType: 'a', channels: null, headers: null, timestamp: '2026-01-31T12:00:00Z' };
    const answers: Readonly<Record<string, unknown>> = {
      '/endpoint/ep_1': endpoint,
      '/endpoint/ep_1/headers': { headers: {}, sensitive: [] },
      '/endpoint/ep_1/transformation': { code, enabled: true, variables: null },
    };
    const server = await startServer(({ url }) => {
      const path = url.replace('/api/v1/app/acme', '');
      if (!path.startsWith('/poller/')) return { body: answers[path] };
      return { body: { data: [{ ...head, payload: { n: 1 } }], iterator: 'a', done: true } };
    });
    const target = await startServer(() => 200);
    try {
      const env = {
        POSTHORN_URL: server.url,
        POSTHORN_TOKEN: 'token-of-a-test',
        POSTHORN_SIGNING_SECRET: `whsec_${Buffer.alloc(24).toString('base64')}`,
      };
      const args = ['--app', 'acme', '--endpoint', 'ep_1', '--forward-to', target.url, '--exit-after', '1', '--json'];
      const { stdout } = await npx(node, ['listen', ...args], env);
      expect(JSON.parse(stdout)).toMatchObject({ id: 'msg_1', status: 200, error: null });
      expect(target.requests.map(({ body }) => body)).toEqual(['{"seen":1}']);
    } finally {
      await Promise.all([server.stop(), target.stop()]);
    }
  }, 60_000);

  const text = `run(['whoami'], createProcessIo()).then((code) => console.log('ended with', code));`;
  it.each([
    ['program.mjs', `import { createProcessIo, run } from 'posthorn'; ${text}`],
    ['program.cjs', `const { createProcessIo, run } = require('posthorn'); ${text}`],
  ])('can be run by another program (%s)', async (file, program) => {
    expect(await runProgram(installed.folder, { node, file, text: program })).toBe('ended with 4\n');
  });
});

it.each([
  ['consumer.mts', 'nodenext'],
  ['consumer.cts', 'nodenext'],
  ['consumer.mts', 'bundler'],
] as const)(
  'has types for %s with %s',
  async (file, resolution) => {
    const check = (args: string) =>
      checkTypes(installed.folder, {
        resolution,
        file,
        text: `import { createProcessIo, type Io, run } from 'posthorn';
        const io: Io = createProcessIo();
        export const code: Promise<number> = run(${args}, io);`,
      });
    expect(await check(`['whoami']`)).toBe('');
    expect(await check(`'whoami'`)).toContain("'string' is not assignable to parameter of type 'readonly string[]'");
  },
  60_000,
);

it('is one small file with the licence and the README, and has no dependency', async () => {
  expect((await stat(join(own, 'dist/index.js'))).size).toBeLessThan(maxBundleBytes);
  expect(installed.files).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'posthorn.js', 'index.js', 'index.mjs']),
  );
  expect(installed.files.filter((file) => /test|\.map$|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  const readme = await readFile(join(installed.folder, 'node_modules/posthorn/README.md'), 'utf8');
  expect(readme).toContain('npm install --global posthorn');
  expect(readme).not.toContain('ontributors');
  const manifest = JSON.parse(await readFile(join(installed.folder, 'node_modules/posthorn/package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: 'posthorn', license: 'MIT', engines: { node: '>=20' } });
  expect(manifest).not.toHaveProperty('dependencies');
});
