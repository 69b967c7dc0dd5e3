import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { openDatabase } from './database.ts';
import { createReceiver } from './receiver.ts';

const key = `whsec_${randomBytes(32).toString('base64')}`;
const app = createReceiver(openDatabase(':memory:'), [key]);

function signed(body: string, id = `msg_${randomUUID()}`, sentAt = new Date()) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': new Webhook(key).sign(id, sentAt, body),
  };
  return { method: 'POST', url: '/webhooks', headers, payload: body } as const;
}

it('adds a payment once, however often its message comes', async () => {
  const request = signed('{"account":"acc_1","amount":5}');
  expect((await app.inject(request)).statusCode).toBe(204);
  expect((await app.inject(request)).statusCode).toBe(200);
  expect((await app.inject('/balances')).json()).toEqual({ acc_1: 5 });
});

it('limits the time that a sender may take for a request', () => {
  expect(app.server.requestTimeout).toBe(30_000);
});

it('refuses a body that was changed on the way', async () => {
  const request = { ...signed('{"account":"acc_2","amount":5}'), payload: '{"account":"acc_2","amount":6}' };
  expect((await app.inject(request)).statusCode).toBe(401);
  expect((await app.inject('/balances')).json()).not.toHaveProperty('acc_2');
});
