import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { startReceiver } from '@posthorn/testing';
import { until } from './fixtures/until.ts';

const minute = 60_000;
const bin = join(import.meta.dirname, '../../../cli/src/bin.ts');

let system: LaunchedSystem;
let home: string;
beforeAll(async () => {
  system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: '600' });
  home = await mkdtemp(join(tmpdir(), 'posthorn-home-'));
}, 3 * minute);
afterAll(async () => {
  await system.stop();
  await rm(home, { recursive: true });
}, minute);

interface Ran {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user does. */
const posthorn = (args: readonly string[], stdin = ''): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: home };
    const child = execFile(process.execPath, [bin, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });

const json = async (args: readonly string[], stdin?: string) => {
  const { code, stdout, stderr } = await posthorn([...args, '--json'], stdin);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

describe('posthorn, on a started system', () => {
  it('logs in with the token that the system has made, and says what it is', async () => {
    const loggedIn = await json(['login', '--server', system.url], system.token);
    expect(loggedIn).toMatchObject({ profile: 'default', server: system.url, kind: 'organisation' });
    expect((await stat(loggedIn.file)).mode & 0o777).toBe(0o600);
    expect(await json(['whoami'])).toMatchObject({
      server: system.url,
      kind: 'organisation',
      organisationId: loggedIn.organisationId,
      expiresAt: expect.any(String),
    });
  });

  it('keeps no token that the system does not accept', async () => {
    const [header, claims] = system.token.split('.');
    const forged = `${header}.${claims}.${'A'.repeat(43)}`;
    const ran = await posthorn(['login', '--server', system.url, '--profile', 'forged', '--json'], forged);
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(JSON.parse(ran.stderr).error).toMatchObject({
      code: 'authentication_failed',
      requestId: expect.any(String),
    });
    expect(await posthorn(['whoami', '--profile', 'forged'])).toMatchObject({ code: 4 });
  });

  it('sends any request', async () => {
    const application = await json(['api', 'POST', '/app', '--body', '-'], '{"name":"Acme","uid":"acme"}');
    expect(application).toMatchObject({ uid: 'acme' });
    expect((await json(['api', 'GET', '/app', '--query', 'limit=1'])).data).toEqual([application]);
    const ran = await posthorn(['api', 'GET', '/app/nobody', '--json']);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringContaining('not_found') });
    expect(JSON.parse(ran.stderr).error).toMatchObject({ code: 'not_found', requestId: expect.any(String) });
  });

  it(
    'shows an endpoint that fails',
    async () => {
      expect(await json(['status'])).toMatchObject({
        healthy: true,
        endpoints: 0,
        oldestWaiting: null,
        complete: true,
      });
      const receiver = await startReceiver();
      receiver.respond('/', () => ({ status: 500 }));
      try {
        const body = JSON.stringify({ url: `${receiver.url}/` });
        const endpoint = await json(['api', 'POST', '/app/acme/endpoint', '--body', body]);
        await json(['api', 'POST', '/app/acme/msg', '--body', '{"eventType":"a.b","payload":{}}']);
        await until('the endpoint is shown as failing', async () => (await json(['status'])).failing === 1);
        expect(await json(['status', '--app', 'acme'])).toMatchObject({
          ...{ endpoints: 1, failing: 1, disabled: 0, deadLetters: 0 },
          troubled: [{ endpointId: endpoint.id, failing: true }],
        });
      } finally {
        await receiver.stop();
      }
    },
    3 * minute,
  );

  it(
    'logs in as an application, and revokes its token when it logs out',
    async () => {
      const { token } = await json(['api', 'POST', '/auth/app-portal-access/acme', '--body', '{"readOnly":true}']);
      await json(['login', '--server', system.url, '--profile', 'acme'], token);
      expect(await json(['whoami', '--profile', 'acme'])).toMatchObject({
        kind: 'application',
        application: { uid: 'acme', name: 'Acme' },
        capabilities: ['ViewBase'],
      });
      expect(await posthorn(['api', 'POST', '/app', '--profile', 'acme', '--body', '{}'])).toMatchObject({ code: 4 });
      expect(await json(['status', '--profile', 'acme'])).toMatchObject({ endpoints: 1 });
      expect(await json(['logout', '--profile', 'acme', '--revoke'])).toMatchObject({ removed: true, revoked: true });
      await until('the token is refused', async () => {
        const ran = await posthorn(['login', '--server', system.url, '--profile', 'acme'], token);
        return ran.code === 4;
      });
    },
    3 * minute,
  );

  it('logs out', async () => {
    expect(await json(['logout'])).toEqual({ profile: 'default', removed: true, revoked: false });
    expect(await posthorn(['whoami'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('No server is known'),
    });
  });
});
