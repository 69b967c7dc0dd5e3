import type { AttemptResult } from '@posthorn/core';
import { aMessage, anEndpoint, secondsLater, startOfTests } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { accepted } from './fixtures/attempt-world.ts';
import { createSendMessage, type SendMessageDeps } from './send-message.ts';

const transform: SendMessageDeps['transform'] = async ({ webhook }) => ({
  ...webhook,
  kind: 'changed',
  body: '{"new":1}',
});
const oldKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const newKey = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

async function sentFor(endpoint: Parameters<typeof anEndpoint>[0], now = startOfTests) {
  const sent: Parameters<SendMessageDeps['send']>[0][] = [];
  const send = async (request: (typeof sent)[number]): Promise<AttemptResult> => {
    sent.push(request);
    return accepted;
  };
  const message = aMessage({ body: '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}' });
  await createSendMessage({ open: async (sealed) => sealed, transform, send, clock: () => now })({
    message,
    endpoint: anEndpoint(endpoint),
    now,
  });
  return { message, request: sent[0] ?? { method: '', url: '', headers: {}, body: '' } };
}

describe('sendMessage', () => {
  it('sends the body byte for byte, under the message id', async () => {
    const { message, request } = await sentFor({ secrets: [{ sealedKey: newKey }] });
    expect(request.body).toBe(message.body);
    expect(request.headers).toMatchObject({ 'webhook-id': message.messageId, 'content-type': 'application/json' });
  });

  it('signs with both keys while a rotation lasts, and with the new one alone afterwards', async () => {
    const secrets = [{ sealedKey: newKey }, { sealedKey: oldKey, expiresAt: secondsLater(60) }];
    const afterwards = await sentFor({ secrets }, new Date());
    expect(afterwards.request.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    const { request } = await sentFor({ secrets });
    expect(request.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  it('is accepted by the standard verifier', async () => {
    const { request } = await sentFor({ secrets: [{ sealedKey: newKey }] }, new Date());
    expect(() => new Webhook(newKey).verify(request.body, request.headers)).not.toThrow();
  });

  it('signs what the code of the endpoint’s owner makes of it', async () => {
    const transformation = { sealedContent: '{"code":"-","variables":{}}', enabled: true, updatedAt: startOfTests };
    const { request } = await sentFor({ secrets: [{ sealedKey: newKey }], transformation }, new Date());
    expect(request.body).toBe('{"new":1}');
    expect(() => new Webhook(newKey).verify(request.body, request.headers)).not.toThrow();
  });

  it('signs the time after code had its turn, which is the time of the attempt', async () => {
    const transformation = { sealedContent: '{"code":"-","variables":{}}', enabled: true, updatedAt: startOfTests };
    let now = startOfTests;
    const sent: Parameters<SendMessageDeps['send']>[0][] = [];
    const sendMessage = createSendMessage({
      open: async (sealed) => sealed,
      transform: (request) => {
        now = secondsLater(4);
        return transform(request);
      },
      send: async (request) => {
        sent.push(request);
        return accepted;
      },
      clock: () => now,
    });
    const endpoint = anEndpoint({ secrets: [{ sealedKey: newKey }], transformation });
    const { attemptedAt } = await sendMessage({ message: aMessage(), endpoint, now: startOfTests });
    expect(attemptedAt).toEqual(secondsLater(4));
    expect(sent[0]?.headers['webhook-timestamp']).toBe(String(secondsLater(4).getTime() / 1000));
  });

  it('adds the endpoint’s own headers', async () => {
    const secrets = [{ sealedKey: newKey }];
    const { request } = await sentFor({ secrets, sealedHeaders: '{"X-Tenant":"acme"}' });
    expect(request.headers).toMatchObject({ 'X-Tenant': 'acme' });
  });
});
