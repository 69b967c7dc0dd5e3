import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKeyPair, publicFormOf } from '@posthorn/core/signing/secret';
import { verify } from '@posthorn/receiver';
import { runCli, runCliProcess } from '../../testing/run-cli.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const pair = createSigningKeyPair(Buffer.alloc(32, 7));
const body = '{ "n": 12345678901234567890 }\n';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'posthorn-sign-'));
});
afterEach(() => rm(home, { recursive: true }));

const toHeaders = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(': ', 2)),
  );

describe('posthorn sign', () => {
  it('prints headers that verify, for a body from stdin', async () => {
    const env = { POSTHORN_SECRET: secret };
    const ran = await runCliProcess(['sign'], { env, stdin: body });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { id } = verify(Buffer.from(body), toHeaders(ran.stdout), secret);
    expect(id).toMatch(/^msg_[0-9A-Za-z]{27}$/);
  });

  it('signs once with each secret of a file, with v1 and v1a', async () => {
    await writeFile(join(home, 'secrets'), `${secret}\n${pair}\n`);
    await writeFile(join(home, 'body'), body);
    const options = ['--secret-file', 'secrets', '--id', 'msg_1', '--timestamp', '1700000000', '--json'];
    const ran = await runCli(['sign', '@body', ...options], { home });
    const headers = JSON.parse(ran.stdout);
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000' });
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1a,\S+$/);
    const at = { now: () => 1_700_000_000_000 };
    for (const key of [secret, publicFormOf(pair)]) verify(Buffer.from(body), headers, key, at);
  });

  it('says no secret of a file in an error', async () => {
    await writeFile(join(home, 'secrets'), `${secret}\n`);
    const ran = await runCli(['sign', `@${secret}`, '--secret-file', 'secrets'], { home });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('[secret]') });
    expect(ran.stderr).not.toContain(secret);
  });

  it('takes the secret from stdin, and the body from the command line', async () => {
    const ran = await runCli(['sign', body, '--secret-file', '-'], { stdin: `${secret}\n` });
    verify(Buffer.from(body), toHeaders(ran.stdout), secret);
  });

  it.each([
    [['sign', body], {}, 'There is no secret', 'Name its file with --secret-file, or set POSTHORN_SECRET'],
    [
      ['sign', '--secret-file', '-'],
      {},
      'Both the secret and the body would come from stdin',
      'Give the body as @FILE',
    ],
    [['sign', body], { POSTHORN_SECRET: '' }, 'There is no secret in POSTHORN_SECRET', ''],
    [['sign', body], { POSTHORN_SECRET: publicFormOf(pair) }, 'A signing secret is whsec_ or whsk_', 'only verifies'],
    [['sign', body], { POSTHORN_SECRET: 'whsec_abc' }, 'A signing secret is whsec_ or whsk_', 'Copy the whole secret'],
    [['sign', body, '--timestamp', 'now'], {}, '--timestamp now: is not a number of seconds', ''],
    [['sign', body, '--id', 'a.b'], { POSTHORN_SECRET: secret }, '--id a.b: must be up to 256', ''],
  ])('refuses %j with %j', async (args, env, problem, remedy) => {
    const ran = await runCli(args, { env });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(`error: ${problem}`);
    expect(ran.stderr).toContain(remedy);
    expect(ran.stderr).not.toContain(secret);
  });

  it('reports an error as JSON', async () => {
    const ran = await runCli(['sign', body, '--json'], { env: { POSTHORN_SECRET: 'secret' } });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: 'secret_invalid' } });
  });
});
