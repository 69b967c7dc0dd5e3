import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKeyPair, publicFormOf } from '@posthorn/core/signing/secret';
import { signBytes } from '../../signing/sign-bytes.ts';
import { runCli, runCliProcess } from '../../testing/run-cli.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const pair = createSigningKeyPair(Buffer.alloc(32, 7));
const body = '{"n":12345678901234567890}';
const env = { POSTHORN_SECRET: secret };

const now = () => Math.floor(Date.now() / 1_000);
const headersOf = (key = secret, timestamp = now(), text = body) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signBytes({ id: 'msg_1', timestamp, body: Buffer.from(text) }, key),
});
const toOptions = (headers: Record<string, string>) =>
  Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);

describe('posthorn verify', () => {
  it('accepts what was signed, with a body from stdin', async () => {
    const timestamp = now();
    const args = ['verify', ...toOptions(headersOf(secret, timestamp)), '--json'];
    const ran = await runCliProcess(args, { env, stdin: body });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const time = new Date(timestamp * 1_000).toISOString();
    expect(JSON.parse(ran.stdout)).toEqual({ valid: true, id: 'msg_1', timestamp: time });
  });

  it('accepts v1a, with headers and keys from files', async () => {
    const home = await mkdtemp(join(tmpdir(), 'posthorn-verify-'));
    const lines = Object.entries(headersOf(pair, 1_700_000_000)).map(([name, value]) => `${name}: ${value}`);
    await writeFile(join(home, 'headers'), lines.join('\r\n'));
    await writeFile(join(home, 'keys'), `${secret}\n${publicFormOf(pair)}`);
    const args = ['verify', body, '--headers', 'headers', '--secret-file', 'keys', '--ignore-time'];
    const ran = await runCli(args, { home });
    await rm(home, { recursive: true });
    expect(ran).toEqual({ code: 0, stderr: '', stdout: 'valid: msg_1 of 2023-11-14T22:13:20.000Z\n' });
  });

  interface Refused {
    readonly args?: readonly string[];
    readonly headers?: Record<string, string>;
    readonly key?: string;
  }
  const day = 86_400;
  it.each<[string, Refused, string, string]>([
    ['a changed layout', { args: ['{ "n": 12345678901234567890 }'] }, 'body_changed', 'has no white space between'],
    [
      'a lost line break',
      { headers: headersOf(secret, now(), `${body}\n`) },
      'body_changed',
      'ends with a line break (LF)',
    ],
    [
      'a number that lost digits',
      { args: ['{"n":12345678901234567000}'] },
      'signature_mismatch',
      'more than 15 digits',
    ],
    ['an empty body', { args: [''] }, 'body_empty', 'The body is empty'],
    [
      'another time',
      { headers: { ...headersOf(), 'webhook-timestamp': String(now() - 60) } },
      'time_changed',
      'The time has changed',
    ],
    ['an old request', { headers: headersOf(secret, now() - 3 * day) }, 'timestamp_too_old', 'the signature fits'],
    [
      'an old request of another',
      { headers: headersOf(secret, now() - 3 * day, 'x') },
      'timestamp_too_old',
      'does not fit either',
    ],
    ['a request of the future', { headers: headersOf(secret, now() + 900) }, 'timestamp_too_new', 'after now'],
    [
      'a key of the wrong kind',
      { key: publicFormOf(pair) },
      'no_usable_signature',
      'take the secret of the endpoint, which begins with whsec_',
    ],
    ['a signature of the wrong kind', { headers: headersOf(pair) }, 'no_usable_signature', 'which begins with whpk_'],
    ['another key', { key: `whsec_${Buffer.alloc(24, 9).toString('base64')}` }, 'signature_mismatch', 'another key'],
    ['no headers', { headers: {} }, 'header_missing', 'webhook-id'],
    ['a repeated header', { args: [body, '-H', 'webhook-id: msg_2'] }, 'header_repeated', 'webhook-id'],
  ])('says why it refuses %s', async (_, { args = [body], headers = headersOf(), key = secret }, code, text) => {
    const ran = await runCli(['verify', ...args, ...toOptions(headers), '--json'], { env: { POSTHORN_SECRET: key } });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    const { error } = JSON.parse(ran.stderr);
    expect(error).toMatchObject({ code, remedy: expect.any(String) });
    expect(`${error.message} ${error.remedy}`).toContain(text);
    expect(ran.stderr).not.toContain(key);
  });

  it('tells a person the reason and what to do', async () => {
    const ran = await runCli(['verify', `${body}\n`, ...toOptions(headersOf())], { env });
    expect(ran.stderr.split('\n')).toEqual([
      'error: No signature fits. The body has changed after it was signed: the signed one has no line break at its end',
      '  Verify the bytes as they came in, before anything parses or saves them as text',
      '',
    ]);
  });

  it.each([
    [['verify', body], { POSTHORN_SECRET: pair }, 'key_invalid', 2],
    [['verify', body, '-H', 'nothing'], env, 'header_malformed', 2],
    [['verify', body, '--tolerance', '5'], env, 'usage', 2],
    [['verify', body, '--headers', 'missing'], env, 'usage', 2],
  ])('refuses %j', async (args, given, code, exitCode) => {
    const ran = await runCli([...args, '--json'], { env: given });
    expect(ran).toMatchObject({ code: exitCode, stdout: '' });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code } });
  });
});
