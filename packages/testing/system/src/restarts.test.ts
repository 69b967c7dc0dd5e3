import { startReceiver } from '@posthorn/testing';
import { readyLine, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { clientOf } from './load/order-traffic.ts';

let command: StartCommand;
afterEach(() => command?.cleanUp());

/** Starts a system, or starts it again with the same folder and port. */
async function start(before?: { readonly port: string }): Promise<{ readonly url: string; readonly port: string }> {
  command = await runStart(before ? { dataDir: command.dataDir, env: { POSTHORN_PORT: before.port } } : {});
  return whenReady(command);
}

const svixAt = (url: string) => clientOf(command.dataDir, url);

describe('a system that is started again with its data folder', () => {
  it('still has its data, and delivers what was waiting', async () => {
    const first = await start();
    const svix = await svixAt(first.url);
    const receiver = await startReceiver();
    try {
      receiver.respond('/kept', ({ headers }) => ({ status: headers['svix-test'] === undefined ? 500 : 200 }));
      const { id } = await svix.application.create({ name: 'Kept', uid: 'kept' });
      const endpoint = await svix.endpoint.create(id, { url: `${receiver.url}/kept` });
      const { key } = await svix.endpoint.getSecret(id, endpoint.id);
      const message = await svix.message.create(id, { eventType: 'a', payload: { a: 1 } });
      await receiver.waitFor((requests) => requests.length === 1);
      process.kill(command.pid, 'SIGTERM');
      expect(await command.ended).toBe(0);

      receiver.respond('/kept', () => ({ status: 200 }));
      await start(first);
      expect((await svix.application.get('kept')).id).toBe(id);
      expect((await svix.endpoint.getSecret(id, endpoint.id)).key).toBe(key);
      // The retry is due five seconds after the first attempt.
      await receiver.waitFor((requests) => requests.length === 2);
      await until('both attempts are recorded', async () => {
        const { data } = await svix.messageAttempt.listByMsg(id, message.id);
        return data.length === 2;
      });
      expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([message.id, message.id]);
    } finally {
      await receiver.stop();
    }
  });

  it('takes over at once, on the same port, from a supervisor that was killed', async () => {
    const first = await start();
    const svix = await svixAt(first.url);
    const { id } = await svix.application.create({ name: 'Kept' });
    process.kill(command.pid, 'SIGKILL');
    expect(await start(first)).toEqual(first);
    expect((await svix.application.get(id)).name).toBe('Kept');
    expect(command.stderr()).toBe('');
  });

  it('is refused while the first one runs, and the first one goes on', async () => {
    const { url, port } = await start();
    const second = await runStart({ dataDir: command.dataDir, env: { POSTHORN_PORT: port } });
    expect(await second.ended).toBe(1);
    const holder = `\\(process ${command.pid}, ${url}\\)`;
    expect(second.stderr()).toMatch(
      new RegExp(`^Posthorn does not start\\. Another Posthorn uses \\S+ ${holder}\\. .*\\n$`),
    );
    expect(second.stdout()).not.toMatch(readyLine);
    const svix = await svixAt(url);
    expect((await svix.application.create({ name: 'Unharmed' })).name).toBe('Unharmed');
    expect(command.stderr()).toBe('');
  });
});
