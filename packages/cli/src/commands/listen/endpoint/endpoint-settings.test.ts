import { type Connection, createConnection } from '../../../connection/connection.ts';
import { createHttpClient } from '../../../connection/exchange.ts';
import { CliError } from '../../../exit/cli-error.ts';
import { PassingFailure } from '../../../reconnect/send-or-pass.ts';
import { type ServerAnswer, startServer, type TestServer } from '../../../testing/start-server.ts';
import { createCurrent } from './current-settings.ts';
import { readEndpointSettings } from './endpoint-settings.ts';

let answers: Record<string, ServerAnswer>;
let server: TestServer;
let connection: Connection;
beforeEach(async () => {
  answers = {};
  server = await startServer(({ url }) => answers[url.replace('/api/v1/app/acme', '')] ?? 404);
  const client = createHttpClient({ env: {}, stop: new AbortController().signal });
  connection = createConnection({ server: server.url, client, trace: () => undefined, wait: async () => undefined });
});
afterEach(() => server.stop());

const endpoint = { id: 'ep_1', url: 'https://example.com/', disabled: false, eventTypes: null, channels: null };
const headers = { body: { headers: { 'X-A': '1' }, sensitive: ['Authorization'] } };
const read = (name: string, withSecret = true) =>
  readEndpointSettings({ connection, app: 'acme', endpoint: name }, withSecret);

describe('the settings of an endpoint', () => {
  it('are what makes its deliveries', async () => {
    answers = {
      '/endpoint/uid-1': { body: { ...endpoint, eventTypes: ['a'], channels: ['eu'] } },
      '/endpoint/ep_1/headers': headers,
      '/endpoint/ep_1/secret': { body: { key: 'whsec_x' } },
      '/endpoint/ep_1/transformation': { body: { code: 'c', enabled: true, variables: { v: '1' } } },
    };
    expect(await read('uid-1')).toEqual({
      ...{ id: 'ep_1', url: endpoint.url, disabled: false, filter: { eventTypes: ['a'], channels: ['eu'] } },
      ...{ headers: { 'X-A': '1' }, hiddenHeaders: ['Authorization'], secret: 'whsec_x' },
      transformation: { code: 'c', variables: { v: '1' } },
    });
  });

  it('are those of a destination, if there is no endpoint', async () => {
    answers = {
      '/destination/ep_1': {
        body: { id: 'ep_1', config: { url: endpoint.url }, status: 'disabled', eventTypes: ['a'] },
      },
      '/endpoint/ep_1/headers': headers,
      '/destination/ep_1/transformation': { body: { code: 'c', enabled: true } },
    };
    expect(await read('ep_1', false)).toEqual({
      ...{ id: 'ep_1', url: endpoint.url, disabled: true, filter: { eventTypes: ['a'] } },
      ...{ headers: { 'X-A': '1' }, hiddenHeaders: ['Authorization'], transformation: { code: 'c', variables: {} } },
    });
  });

  it.each([
    { code: null, enabled: true, variables: { v: '1' } },
    { code: 'c', enabled: false, variables: null },
  ])('have no transformation if it is %j', async (body) => {
    answers = { '/endpoint/ep_1': { body: endpoint }, '/endpoint/ep_1/headers': headers };
    answers['/endpoint/ep_1/transformation'] = { body };
    expect(await read('ep_1', false)).not.toHaveProperty('transformation');
  });

  it('cannot be read if there is no such endpoint, or if the token may not', async () => {
    await expect(read('ep_2')).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('ep_2') });
    answers = { '/endpoint/ep_1': 403 };
    await expect(read('ep_1')).rejects.toMatchObject({ exitCode: 4 });
  });
});

describe('current settings', () => {
  it('are read again after ten seconds, and kept while the server cannot be reached', async () => {
    let now = 0;
    let next: () => Promise<number> = async () => 2;
    const current = createCurrent(
      () => next(),
      () => now,
      1,
    );
    now = 9_999;
    expect(await current()).toBe(1);
    now = 10_000;
    expect(await current()).toBe(2);
    next = async () => {
      throw new PassingFailure(new CliError('failed', 'too many requests'));
    };
    now = 20_000;
    expect(await current()).toBe(2);
    next = async () => 3;
    expect(await current()).toBe(2);
    now = 30_000;
    expect(await current()).toBe(3);
    next = async () => {
      throw new CliError('failed', 'gone');
    };
    now = 40_000;
    await expect(current()).rejects.toThrow('gone');
  });
});
