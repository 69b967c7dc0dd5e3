import { setImmediate as turn } from 'node:timers/promises';
import {
  type NameAnswer,
  type NameQuery,
  type NameServer,
  type Receiver,
  startNameServer,
  startReceiver,
} from '@posthorn/testing';
import { createEgress, type Egress } from '../egress.ts';
import { createSystemNames, type NameOptions, nameShortWaitMs, nameTimeoutMs } from './system-names.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

async function aNameServer(answer: (query: NameQuery) => NameAnswer | Promise<NameAnswer>): Promise<NameServer> {
  const server = await startNameServer(answer);
  cleanUps.push(server.stop);
  return server;
}
async function aReceiver(): Promise<Receiver> {
  const receiver = await startReceiver();
  cleanUps.push(receiver.stop);
  return receiver;
}
/** Long enough that no test comes near it. */
const longMs = 600_000;
const anEgress = (names: NameOptions): Egress => {
  const allowedSubnets = ['127.0.0.0/8', '::1/128'];
  const egress = createEgress({
    allowedSubnets,
    allowHttp: true,
    timeoutMs: longMs,
    names: { timeoutMs: longMs, shortWaitMs: longMs, ...names },
  });
  cleanUps.push(egress.close);
  return egress;
};
const requestTo = (receiver: Receiver, host: string) => ({
  url: `http://${host}:${new URL(receiver.url).port}/`,
  headers: {},
  body: '{}',
});

const silence = new Promise<never>(() => undefined);
const addresses = (...list: readonly string[]): NameAnswer => ({ kind: 'addresses', addresses: list, ttlSeconds: 60 });
const loopback = addresses('127.0.0.1');

describe('the names of endpoints', () => {
  it('without an answer do not hold up others: 20 dead ones, then lookups and sends to healthy ones', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(({ name }) => (name.startsWith('dead') ? silence : loopback));
    const egress = anEgress({ servers: [server.address] });
    let ended = 0;
    const dead = Array.from({ length: 20 }, async (_, n) => {
      await egress.send(requestTo(receiver, `dead-${n}.example`));
      ended += 1;
    });
    for (let n = 0; n < 10; n += 1) {
      const { outcome } = await egress.send(requestTo(receiver, `healthy-${n}.example`));
      expect(outcome.kind).toBe('accepted');
    }
    expect(ended).toBe(0);
    expect(new Set(server.queries.map(({ name }) => name)).size).toBe(30);
    await egress.close();
    await Promise.all(dead);
  });

  it('without an answer fail at the time limit of a name, and fail at once afterwards', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => silence);
    const egress = anEgress({ servers: [server.address], timeoutMs: 500 });
    for (let n = 1; n <= 2; n += 1)
      expect(await egress.send(requestTo(receiver, 'dead.example'))).toMatchObject({
        outcome: { kind: 'unreachable', reason: 'name-server-silent' },
        response: expect.stringContaining('did not answer'),
      });
    while (server.queries.length < 2) await turn();
    expect(server.queries).toHaveLength(2);
    expect([nameShortWaitMs, nameTimeoutMs]).toEqual([250, 3_000]);
  });

  it.each<[NameAnswer['kind'], string]>([
    ['no-such-name', 'name-not-found'],
    ['server-failure', 'name-server-failed'],
    ['addresses', 'name-not-found'],
  ])('that are answered with %s fail with %s', async (kind, reason) => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => ({ kind, addresses: [] }) as NameAnswer);
    const egress = anEgress({ servers: [server.address] });
    expect((await egress.send(requestTo(receiver, 'a.example'))).outcome).toEqual({ kind: 'unreachable', reason });
    const queries = server.queries.length;
    expect((await egress.send(requestTo(receiver, 'a.example'))).outcome).toEqual({ kind: 'unreachable', reason });
    expect(server.queries).toHaveLength(queries);
  });

  it('fail if their name server does not exist', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => silence);
    await server.stop();
    const { outcome } = await anEgress({ servers: [server.address] }).send(requestTo(receiver, 'a.example'));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'name-server-failed' });
  });

  it('that are invalid do not exist', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => loopback);
    const egress = anEgress({ servers: [server.address] });
    const { outcome } = await egress.send(requestTo(receiver, `${'a'.repeat(64)}.example`));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'name-not-found' });
    expect(server.queries).toEqual([]);
  });

  it('that are answered late are called when the answer has arrived', async () => {
    const receiver = await aReceiver();
    let answerNow: (answer: NameAnswer) => void = () => undefined;
    const late = new Promise<NameAnswer>((resolve) => {
      answerNow = resolve;
    });
    const server = await aNameServer(({ type }) => (type === 'A' ? late : addresses()));
    const sending = anEgress({ servers: [server.address] }).send(requestTo(receiver, 'slow.example'));
    expect(receiver.requests).toEqual([]);
    answerNow(loopback);
    expect((await sending).outcome.kind).toBe('accepted');
  });

  it.each([
    ['answers with an error', { kind: 'server-failure' } as const],
    ['is silent', silence],
  ])('are looked up at the next name server if the first one %s', async (_, answer) => {
    const receiver = await aReceiver();
    const [broken, healthy] = [await aNameServer(() => answer), await aNameServer(() => loopback)];
    const egress = anEgress({ servers: [broken.address, healthy.address] });
    expect((await egress.send(requestTo(receiver, 'a.example'))).outcome.kind).toBe('accepted');
  });

  it('are called by either address family if the other one fails', async () => {
    const server = await aNameServer(({ name, type }) => {
      if (type === (name.startsWith('four') ? 'A' : 'AAAA')) return addresses('127.0.0.1', '::1');
      return { kind: 'server-failure' };
    });
    const names = createSystemNames({ servers: [server.address], timeoutMs: longMs, shortWaitMs: longMs });
    expect(await names.resolve('four.example')).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await names.resolve('six.example')).toEqual([{ address: '::1', family: 6 }]);
  });

  it('with one forbidden address of either family are refused whole, from memory as well', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => addresses('127.0.0.1', 'fd00::1'));
    const egress = anEgress({ servers: [server.address] });
    for (let n = 1; n <= 2; n += 1)
      expect((await egress.send(requestTo(receiver, 'two-faced.example'))).outcome).toMatchObject({
        reason: 'blocked',
      });
    expect(server.queries).toHaveLength(2);
    expect(receiver.requests).toEqual([]);
  });

  it('are absolute: no search domain is added to them', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => ({ kind: 'no-such-name' }));
    await anEgress({ servers: [server.address] }).send(requestTo(receiver, 'db'));
    expect(server.queries.map(({ name }) => name)).toEqual(['db', 'db']);
  });

  it('may be in the hosts file of this machine', async () => {
    const receiver = await aReceiver();
    const server = await aNameServer(() => silence);
    const egress = anEgress({ servers: [server.address] });
    expect((await egress.send(requestTo(receiver, 'localhost'))).outcome.kind).toBe('accepted');
    expect(server.queries).toEqual([]);
  });

  it('need name servers given as addresses', () => {
    expect(() => createSystemNames({ servers: ['ns.example'] })).toThrow('ns.example');
  });
});
