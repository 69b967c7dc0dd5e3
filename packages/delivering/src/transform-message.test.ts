import type { Endpoint, Transformed, TransformRequest, Webhook } from '@posthorn/core';
import { aMessage, anEndpoint, startOfTests } from '@posthorn/testing';
import { createTransformMessage } from './transform-message.ts';

const content = { code: 'function handler(webhook) { return webhook }', variables: { region: 'eu' } };
const enabled = { sealedContent: JSON.stringify(content), enabled: true, updatedAt: startOfTests };
const changed = {
  kind: 'changed',
  method: 'PUT',
  url: 'https://other.example/',
  body: '1',
  headers: { a: 'b' },
} as const;

async function outcomeOf(
  endpoint: Partial<Endpoint>,
  { result = changed, contentType = 'application/json' }: { result?: Transformed; contentType?: string } = {},
) {
  const asked: TransformRequest[] = [];
  const transformMessage = createTransformMessage({
    open: async (sealed) => sealed,
    transform: async (request) => {
      asked.push(request);
      return result;
    },
  });
  const message = aMessage({ body: '{"n":1}', contentType });
  return { transformed: await transformMessage(message, anEndpoint(endpoint), { 'X-Tenant': 'acme' }), asked, message };
}

describe('a message before it is signed', () => {
  it.each([
    ['without a transformation', {}],
    ['with one that is switched off', { transformation: { ...enabled, enabled: false } }],
    ['with variables and no code', { transformation: { ...enabled, sealedContent: '{"code":null,"variables":{}}' } }],
  ])('is left as it is at an endpoint %s', async (_, endpoint) => {
    const { transformed, asked } = await outcomeOf(endpoint);
    expect(asked).toEqual([]);
    const { url } = anEndpoint();
    expect(transformed).toEqual({
      outgoing: { method: 'POST', url, body: '{"n":1}', headers: { 'X-Tenant': 'acme' } },
    });
  });

  it('is changed by the endpoint’s code', async () => {
    const { transformed, asked, message } = await outcomeOf({ transformation: enabled });
    expect(transformed).toEqual({ outgoing: changed });
    const { url, organisationId, applicationId } = anEndpoint();
    const webhook = { method: 'POST', url, body: '{"n":1}', headers: { 'X-Tenant': 'acme' } };
    expect(asked).toEqual([
      { ...content, organisationId, applicationId, webhook: { ...webhook, eventType: message.eventType } },
    ]);
  });

  describe('with credentials', () => {
    const url = 'https://user:secret@example.com/hooks';
    const headers = { Authorization: 'Bearer secret', 'X-Tenant': 'acme' };
    async function sentTo(change: (webhook: Webhook) => Partial<Webhook>) {
      const asked: Webhook[] = [];
      const transformMessage = createTransformMessage({
        open: async (sealed) => sealed,
        transform: async ({ webhook }) => {
          asked.push(webhook);
          const { eventType: _, ...outgoing } = webhook;
          return { kind: 'changed', ...outgoing, ...change(webhook) };
        },
      });
      const endpoint = anEndpoint({ url, transformation: enabled });
      return { transformed: await transformMessage(aMessage(), endpoint, headers), asked };
    }

    it('shows none of them to code, and sends them where they belong', async () => {
      const { transformed, asked } = await sentTo(() => ({}));
      expect(JSON.stringify(asked)).not.toContain('secret');
      expect(transformed).toMatchObject({ outgoing: { url, headers } });
      const other = await sentTo(({ url: shown }) => ({ url: `${shown}/more` }));
      expect(other.transformed).toMatchObject({
        outgoing: { url: 'https://user:secret@example.com/hooks/more', headers },
      });
    });

    it('sends them to no other origin', async () => {
      const { transformed } = await sentTo(() => ({ url: 'https://other.example/' }));
      expect(transformed).toMatchObject({
        outgoing: { url: 'https://other.example/', headers: { 'X-Tenant': 'acme' } },
      });
      expect(JSON.stringify(transformed)).not.toContain('secret');
    });

    it('lets code set a header of its own in their place', async () => {
      const { transformed } = await sentTo(() => ({ headers: { authorization: 'Own' } }));
      expect(transformed).toMatchObject({ outgoing: { headers: { authorization: 'Own' } } });
      expect(JSON.stringify(transformed)).not.toContain('Bearer');
    });
  });

  it('is not sent if the code cancels it, which is no failure', async () => {
    const { transformed } = await outcomeOf({ transformation: enabled }, { result: { kind: 'canceled' } });
    expect(transformed).toMatchObject({ result: { outcome: { kind: 'canceled' } } });
  });

  it.each<[string, Transformed, string]>([
    ['fails', { kind: 'failed', reason: 'Error: no' }, 'Error: no'],
    ['gives no URL', { ...changed, url: 'other' }, 'url must be'],
    ['gives the URL of a file', { ...changed, url: 'file:///etc/passwd' }, 'url must be'],
    ['gives a URL that no record has room for', { ...changed, url: `https://a.example/${'x'.repeat(2_048)}` }, '2048'],
    ['sets a header of ours', { ...changed, headers: { 'Webhook-Id': 'x' } }, 'headers.Webhook-Id'],
    ['splits a header', { ...changed, headers: { a: 'b\r\nc: d' } }, 'headers.a'],
  ])('is a failed attempt if the code %s', async (_, result, reason) => {
    const { transformed } = await outcomeOf({ transformation: enabled }, { result });
    expect(transformed).toMatchObject({ result: { outcome: { kind: 'not-transformed' } } });
    expect('result' in transformed && transformed.result.response).toContain(reason);
  });

  it('is a failed attempt if its payload is not JSON', async () => {
    const { transformed, asked } = await outcomeOf({ transformation: enabled }, { contentType: 'text/plain' });
    expect(asked).toEqual([]);
    expect(transformed).toMatchObject({ result: { response: expect.stringContaining('not JSON') } });
  });

  it('is set aside if what is stored cannot be read, without a word of it', async () => {
    const broken = outcomeOf({ transformation: { ...enabled, sealedContent: '{"code":7,"secret":"s3cr3t"}' } });
    await expect(broken).rejects.toThrow('not readable');
    await expect(broken).rejects.not.toThrow('s3cr3t');
  });
});
