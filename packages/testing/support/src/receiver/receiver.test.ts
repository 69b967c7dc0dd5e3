import { once } from 'node:events';
import { connect } from 'node:net';
import { type Receiver, startReceiver } from './receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const post = (path: string, body = '') =>
  fetch(`${receiver.url}${path}`, { method: 'POST', body, headers: { 'X-A': '1' } });

describe('a receiver', () => {
  it('records requests byte for byte and in order', async () => {
    await post('/a?b=c', '{"é": 1.0 }');
    await post('/d');
    expect(receiver.requests).toMatchObject([
      { method: 'POST', path: '/a?b=c', body: '{"é": 1.0 }', order: 1 },
      { path: '/d', body: '', order: 2 },
    ]);
    expect(receiver.requests[0]?.headers['x-a']).toBe('1');
    expect(receiver.requestsTo('/d')).toHaveLength(1);
  });

  it('gives each of many simultaneous requests its own number', async () => {
    await Promise.all(Array.from({ length: 20 }, () => post('/', 'x'.repeat(100_000))));
    expect(receiver.requests.map(({ order }) => order)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('answers as the test says, and with 200 by default', async () => {
    receiver.respond('/', ({ order }) => ({ status: 503, body: `no ${order}`, headers: { 'retry-after': '1' } }));
    const answer = await post('/');
    expect([answer.status, await answer.text(), answer.headers.get('retry-after')]).toEqual([503, 'no 1', '1']);
    expect((await post('/other')).status).toBe(200);
  });

  it('records the request first when it answers late', async () => {
    receiver.respond('/', () => ({ status: 200, delayMs: 50 }));
    let answered = false;
    const answer = post('/').then(() => {
      answered = true;
    });
    await receiver.waitFor((requests) => requests.length === 1);
    expect(answered).toBe(false);
    await answer;
  });

  it('drops a connection or never answers if the test says so', async () => {
    receiver.respond('/reset', () => 'reset');
    receiver.respond('/hang', () => 'hang');
    await expect(post('/reset')).rejects.toThrow('fetch failed');
    const hanging = expect(post('/hang')).rejects.toThrow('fetch failed');
    await receiver.waitFor((requests) => requests.length === 2);
    await receiver.stop();
    await hanging;
  });

  it('answers with the error of the test’s own function', async () => {
    receiver.respond('/', () => {
      throw new Error('the test is wrong');
    });
    const answer = await post('/');
    expect([answer.status, await answer.text()]).toEqual([500, 'the test is wrong']);
  });

  it('does not record a request if the sender disconnects', async () => {
    const socket = connect(Number(new URL(receiver.url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf');
    await once(socket, 'connect');
    socket.destroy();
    await post('/after');
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/after']);
  });

  it('says what has arrived when a wait times out', async () => {
    await post('/a');
    await post('/a');
    await post('/b');
    const waiting = receiver.waitFor((requests) => requests.length === 4, 1);
    await expect(waiting).rejects.toThrow('2 to /a, 1 to /b');
  });

  it('can be started again on its old port', async () => {
    const { url } = receiver;
    await receiver.stop();
    receiver = await startReceiver({ port: Number(new URL(url).port) });
    expect(receiver.url).toBe(url);
    expect((await post('/')).status).toBe(200);
  });
});
