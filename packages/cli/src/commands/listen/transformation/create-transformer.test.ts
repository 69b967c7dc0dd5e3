import { parseSigningSecret } from '@posthorn/core/signing/secret';
import { prepareAsEndpoint } from '../endpoint/prepare-message.ts';
import { createSessionSecret } from '../signing/session-secret.ts';
import { createTransformer, type Transformer } from './create-transformer.ts';

/** A slow machine ends no run but those that are to be ended. */
const patientMs = 120_000;
let transformer: Transformer;
beforeAll(() => {
  transformer = createTransformer(patientMs);
});
afterAll(() => transformer.end());

const secret = parseSigningSecret(createSessionSecret());
const message = {
  ...{ id: 'msg_1', eventType: 'order.paid', channels: [], contentType: 'application/json', acceptedAt: new Date() },
  body: '{ "id": 7,  "total":12345678901234567890 }',
};
const prepare = (code: string, change: { url?: string; body?: string; contentType?: string } = {}) => {
  const { url = 'https://me:secret@example.com/hooks', ...more } = change;
  const settings = { url, headers: { 'X-A': '1' }, transformation: { code, variables: { region: 'eu' } } };
  return prepareAsEndpoint({ ...message, ...more }, settings, { secret, transformer });
};

describe('the transformation of an endpoint', () => {
  it('leaves the bytes of a payload that it does not change', async () => {
    expect(await prepare('function handler(webhook) { return webhook }')).toEqual({
      kind: 'ready',
      outgoing: { method: 'POST', body: message.body, headers: { 'X-A': '1' } },
      secret,
    });
  });

  it('changes what is sent, and names the URL that it asks for without credentials', async () => {
    const code = `function handler(webhook) {
      webhook.method = 'PUT';
      webhook.url += '/' + variables.region;
      webhook.payload = { id: webhook.payload.id, type: webhook.eventType };
      webhook.headers['X-B'] = '2';
      return webhook;
    }`;
    expect(await prepare(code)).toEqual({
      kind: 'ready',
      outgoing: { method: 'PUT', body: '{"id":7,"type":"order.paid"}', headers: { 'X-A': '1', 'X-B': '2' } },
      secret,
      url: 'https://example.com/hooks/eu',
    });
  });

  it('cancels', async () => {
    expect(await prepare('const handler = (webhook) => ({ ...webhook, cancel: true })')).toEqual({ kind: 'canceled' });
  });

  it.each([
    ['throw new Error("no")', 'Error: no'],
    ['const handler = (w) => ({ ...w, headers: { "webhook-id": "1" } })', 'this header cannot be set'],
    ['const handler = (w) => ({ ...w, url: "file:///etc/passwd" })', 'url must be'],
    ['function handler() { for (;;); }', 'more than 100 ms of CPU'],
    ['function handler() { const a = []; for (;;) a.push(new Uint8Array(4e6)); }', 'more memory'],
    ['const handler = (w) => ({ ...w, payload: [typeof process, typeof require, typeof fetch] })', undefined],
  ])('fails as in a delivery: %s', async (code, reason) => {
    const prepared = await prepare(code);
    if (reason === undefined)
      expect(prepared).toMatchObject({ outgoing: { body: '["undefined","undefined","undefined"]' } });
    else expect(prepared).toEqual({ kind: 'failed', reason: expect.stringContaining(reason) });
  });

  it('cannot change a payload that is not JSON', async () => {
    const same = 'function handler(webhook) { return webhook }';
    expect(await prepare(same, { body: 'a', contentType: 'text/plain' })).toMatchObject({ kind: 'failed' });
  });

  it('is ended if it gets stuck in the sandbox, and the next one runs', async () => {
    const impatient = createTransformer(500);
    const request = (code: string) => ({
      ...{ code, variables: {}, endpoint: { url: 'https://example.com/', headers: {} } },
      message: { body: '{}', contentType: 'application/json', eventType: 'a' },
    });
    const stuck = 'function handler() { [].indexOf.call({ length: 2 ** 53 - 1 }, 1); }';
    expect(await impatient.transform(request(stuck))).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/did not end|100 ms of CPU/),
    });
    await impatient.end();
    expect(await transformer.transform(request('const handler = (w) => w'))).toMatchObject({ kind: 'ready' });
  });
});
