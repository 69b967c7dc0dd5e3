import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoopbackServer } from '../loopback-server.ts';
import { readMetricsToken } from './metrics-token.ts';
import { serveMetrics } from './serve-metrics.ts';

const token = 'a token of the folder';
let server: LoopbackServer;
beforeAll(async () => {
  server = await serveMetrics({ port: 0, token, write: () => 'posthorn_restarts_total 0\n' });
});
afterAll(() => server.stop());

const get = (path: string, headers: Readonly<Record<string, string>>) =>
  fetch(`${server.endpoint}${path}`, { headers });

describe('the metrics server', () => {
  it.each([
    ['no token', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another token', { authorization: 'Bearer another' }],
    ['a longer token', { authorization: `Bearer ${token}x` }],
    ['another scheme', { authorization: `Basic ${token}` }],
  ])('refuses %s on every path, and says where the token is', async (_, headers) => {
    for (const path of ['/metrics', '/', '/other']) {
      const answer = await get(path, headers);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await answer.text()).toContain('metrics-token');
    }
  });

  it('gives the metrics to who has the token', async () => {
    const answer = await get('/metrics', { authorization: `Bearer ${token}` });
    expect([answer.status, await answer.text()]).toEqual([200, 'posthorn_restarts_total 0\n']);
    expect((await get('/', { authorization: `Bearer ${token}` })).status).toBe(404);
  });
});

describe('the token of the metrics', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-metrics-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is created once, readable by this user only', async () => {
    const file = join(folder, 'metrics-token');
    const created = await readMetricsToken(file);
    expect(await readFile(file, 'utf8')).toBe(created);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readMetricsToken(file)).toBe(created);
  });

  it('may be chosen by the operator, with a line end', async () => {
    const file = join(folder, 'metrics-token');
    await writeFile(file, 'chosen by the operator\n');
    expect(await readMetricsToken(file)).toBe('chosen by the operator');
  });

  it.each(['', '\n', 'short'])('is refused if the file has %j', async (text) => {
    const file = join(folder, 'metrics-token');
    await writeFile(file, text);
    await expect(readMetricsToken(file)).rejects.toThrow('has no token of at least 16 characters');
  });
});
