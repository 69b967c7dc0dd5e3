import { createPublicKey, verify } from 'node:crypto';
import { createSigningKeyPair, publicFormOf } from '@posthorn/core/signing/secret';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type ReceivedRequest, type Receiver, startReceiver } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { Svix } from 'svix';
import { until, untilPasses } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POWERTOOLS_LOG_LEVEL: 'DEBUG' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

const sharedKey = (byte: number): string => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const keyPair = createSigningKeyPair(Buffer.alloc(32, 9));

/** Verifies as a receiver does that knows one key: a shared one, or the public key of a pair. */
function isSignedWith(key: string, { headers, body }: ReceivedRequest): boolean {
  if (!key.startsWith('whpk_')) {
    try {
      new Webhook(key).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  }
  const x = Buffer.from(key.slice('whpk_'.length), 'base64').toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.some(
    (text) => text.startsWith('v1a,') && verify(null, signed, publicKey, Buffer.from(text.slice(4), 'base64')),
  );
}

async function anEndpoint(path: string, secret: string) {
  const { id: app } = await svix.application.create({ name: path });
  const { id: endpoint } = await svix.endpoint.create(app, { url: `${receiver.url}${path}`, secret });
  const arrivalOf = async (): Promise<ReceivedRequest> => {
    const { id } = await svix.message.create(app, { eventType: 'a', payload: { path } });
    const find = () => receiver.requestsTo(path).find(({ headers }) => headers['webhook-id'] === id);
    await receiver.waitFor(() => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error('the message did not arrive');
    return found;
  };
  const rotate = (key: string, gracePeriodSeconds?: number) =>
    svix.endpoint.rotateSecret(app, endpoint, {
      key,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    });
  return { app, endpoint, arrivalOf, rotate };
}

describe('a rotation of a secret', () => {
  it('is not noticed by receivers with the old or the new secret, and the old one stops when its time is over', async () => {
    const { arrivalOf, rotate } = await anEndpoint('/overlap', sharedKey(1));
    const before = await arrivalOf();
    expect([isSignedWith(sharedKey(1), before), isSignedWith(sharedKey(2), before)]).toEqual([true, false]);
    await rotate(sharedKey(2), 3_600);
    const during = await arrivalOf();
    expect([isSignedWith(sharedKey(1), during), isSignedWith(sharedKey(2), during)]).toEqual([true, true]);
    await rotate(sharedKey(3), 1);
    await untilPasses(async () => {
      const after = await arrivalOf();
      expect([1, 2, 3].map((n) => isSignedWith(sharedKey(n), after))).toEqual([true, false, true]);
    });
  });

  it('lets the old secret fail at once without a grace period', async () => {
    const { arrivalOf, rotate } = await anEndpoint('/at-once', sharedKey(1));
    await arrivalOf();
    await rotate(sharedKey(2), 0);
    const after = await arrivalOf();
    expect([isSignedWith(sharedKey(1), after), isSignedWith(sharedKey(2), after)]).toEqual([false, true]);
  });

  it('signs with shared secrets and key pairs side by side', async () => {
    const { app, endpoint, arrivalOf, rotate } = await anEndpoint('/mixed', sharedKey(1));
    await rotate(keyPair);
    expect(await svix.endpoint.getSecret(app, endpoint)).toEqual({ key: publicFormOf(keyPair) });
    const mixed = await arrivalOf();
    expect(mixed.headers['webhook-signature']).toMatch(/^v1a,\S+ v1,\S+$/);
    expect([sharedKey(1), publicFormOf(keyPair)].map((key) => isSignedWith(key, mixed))).toEqual([true, true]);
    await rotate(sharedKey(2), 0);
    const back = await arrivalOf();
    expect(back.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  });

  it('leaves no secret in the log, in lists, or in refusals', async () => {
    const { app, endpoint, arrivalOf, rotate } = await anEndpoint('/quiet', sharedKey(5));
    receiver.respond('/quiet', () => ({ status: 500 }));
    await arrivalOf();
    await rotate(sharedKey(6));
    await rotate(keyPair);
    const refusal = await rotate(`${sharedKey(7)}=`).catch((error: unknown) => JSON.stringify(error));
    await until('the attempt is logged', () => system.output().includes('attempt.finished'));
    const shown = [
      refusal,
      system.output(),
      ...(await Promise.all([
        svix.application.list(),
        svix.endpoint.list(app),
        svix.endpoint.get(app, endpoint),
        svix.endpoint.getHeaders(app, endpoint),
        svix.message.list(app),
        svix.messageAttempt.listByEndpoint(app, endpoint),
        svix.eventType.list(),
      ])),
    ];
    const text = JSON.stringify(shown);
    for (const key of [sharedKey(5), sharedKey(6), sharedKey(7), keyPair])
      expect(text).not.toContain(key.slice('whsec_'.length, 'whsec_'.length + 20));
  });
});
