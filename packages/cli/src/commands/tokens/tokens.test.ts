import { runCli, runCliProcess } from '../../testing/run-cli.ts';
import { apiOfEachTest, page } from '../../testing/start-api.ts';

const serving = apiOfEachTest();

const claims = Buffer.from(JSON.stringify({ jti: 'tok_1', exp: 1_767_225_600 })).toString('base64url');
const token = `head.${claims}.signature`;
const url = `https://portal.example.com/#key=${token}`;
const created = { body: { token, url } };

describe('posthorn tokens create', () => {
  it('prints the token alone', async () => {
    const { env, posts } = await serving({ 'POST /auth/app-portal-access/acme': created });
    const ran = await runCliProcess(['tokens', 'create', '--app', 'acme'], { env });
    expect(ran).toEqual({ code: 0, stdout: `${token}\n`, stderr: 'tok_1 is valid until 2026-01-01T00:00:00.000Z\n' });
    expect(posts().map(({ body }) => JSON.parse(body))).toEqual([{}]);
  });

  it('sends all options', async () => {
    const { env, posts } = await serving({ 'POST /auth/app-portal-access/acme': created });
    const limits = ['--expires', '2h', '--read-only', '--capability', 'ViewBase', '--capability', 'CreateAttempts'];
    const others = ['--session', 'user-1', '--feature-flag', 'beta', '--json'];
    const ran = await runCli(['tokens', 'create', '--app', 'acme', ...limits, ...others], { env });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual({ id: 'tok_1', expiresAt: '2026-01-01T00:00:00.000Z', token, url });
    expect(JSON.parse(posts()[0]?.body ?? '')).toEqual({
      expiry: 7_200,
      readOnly: true,
      capabilities: ['ViewBase', 'CreateAttempts'],
      sessionId: 'user-1',
      featureFlags: ['beta'],
    });
  });

  it('is not allowed with the token of an application', async () => {
    const refused = { status: 403, body: { code: 'insufficient access', detail: 'The organisation only' } };
    const { env } = await serving({ 'POST /auth/app-portal-access/acme': refused });
    const ran = await runCli(['tokens', 'create', '--app', 'acme', '--json'], { env });
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: 'insufficient access' } });
  });

  it('says in its help how tokens of an organisation are made', async () => {
    expect((await runCli(['tokens', 'create', '--help'])).stdout).toContain('npx pnpm@12 -s run token');
  });
});

describe('posthorn tokens list', () => {
  const times = { issuedAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-08T00:00:00.000Z' };
  const tokens = [
    { id: 'tok_2', sessionId: 'user-1', ...times, revoked: true },
    { id: 'tok_1', sessionId: null, ...times, revoked: false },
  ];

  it('prints ids and times', async () => {
    const { env } = await serving({ 'GET /auth/app/acme/token': page(tokens) });
    const ran = await runCli(['tokens', 'list', '--app', 'acme'], { env });
    expect(ran).toEqual({
      code: 0,
      stdout: [
        'tok_2  issued 2026-01-01T00:00:00.000Z  revoked  session user-1',
        'tok_1  issued 2026-01-01T00:00:00.000Z  valid until 2026-01-08T00:00:00.000Z',
        '',
      ].join('\n'),
      stderr: '',
    });
    const json = await runCliProcess(['tokens', 'list', '--app', 'acme', '--json'], { env });
    expect(JSON.parse(json.stdout)).toEqual(tokens);
  });

  it('prints nothing if there are none', async () => {
    const { env } = await serving({ 'GET /auth/app/acme/token': page([]) });
    const ran = await runCli(['tokens', 'list', '--app', 'acme'], { env });
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('No token of acme is listed') });
    expect((await runCli(['tokens', 'list', '--app', 'acme', '--json'], { env })).stdout).toBe('[]\n');
  });

  it('names an application that does not exist', async () => {
    const { env } = await serving({});
    const ran = await runCli(['tokens', 'list', '--app', 'acme'], { env });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('/auth/app/acme/token') });
  });
});

describe('posthorn tokens revoke', () => {
  it('ends one token without asking', async () => {
    const { env } = await serving({ 'DELETE /auth/app/acme/token/tok_1': 204 });
    const ran = await runCliProcess(['tokens', 'revoke', 'tok_1', '--app', 'acme', '--json'], { env });
    expect(ran).toEqual({ code: 0, stdout: '{"revoked":"tok_1"}\n', stderr: '' });
  });

  it('ends all tokens of a session when it is confirmed', async () => {
    const { env, posts } = await serving({ 'POST /auth/app/acme/expire-all': 204 });
    const all = ['tokens', 'revoke', '--all', '--session', 'user-1', '--app', 'acme'];
    expect(await runCli(all, { env })).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --yes') });
    expect(posts()).toEqual([]);
    expect(await runCli([...all, '--yes'], { env })).toMatchObject({
      code: 0,
      stdout: 'revoked: All tokens of acme of the session user-1\n',
    });
    expect(posts().map(({ body }) => JSON.parse(body))).toEqual([{ sessionIds: ['user-1'] }]);
  });

  it('says that there is no such token', async () => {
    const { env } = await serving({});
    const ran = await runCli(['tokens', 'revoke', 'tok_9', '--app', 'acme'], { env });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no token tok_9 of acme') });
    expect(ran.stderr).toContain('run token revoke ID');
  });

  it.each([
    [['tokens', 'revoke', '--app', 'acme'], 'Neither an id nor --all is given'],
    [['tokens', 'revoke', 'tok_1', '--all', '--app', 'acme'], 'Both an id and --all are given'],
    [['tokens', 'revoke', 'tok_1', '--session', 's', '--app', 'acme'], '--session is for --all'],
    [['tokens', 'revoke', 'tok_1'], "required option '--app <app>' not specified"],
    [['tokens', 'create', '--app', 'a', '--expires', '8d'], '--expires 8d: is longer than 7 days'],
    [['tokens', 'create', '--app', 'a', '--expires', '59m'], '--expires 59m: is shorter than an hour'],
    [['tokens', 'create', '--app', 'a', '--expires', '1w'], '--expires 1w: is not a valid duration'],
  ])('refuses %j', async (args, problem) => {
    const { env } = await serving({});
    expect(await runCli(args, { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(problem),
    });
  });
});
