import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { createSandbox } from './create-sandbox.ts';
import { serveThread } from './serve-thread.ts';
import { warmUp } from './warm-up.ts';

it('is done before a thread is ready, at no cost to its first run', async () => {
  const { port1, port2 } = new MessageChannel();
  let looks = 0;
  // It never returns.
  void serveThread(port1, () => {
    looks += 1;
    return 0;
  });
  await once(port2, 'message');
  expect(looks).toBe(0);
  port2.postMessage({
    code: 'function handler(webhook) { return webhook }',
    variables: {},
    webhook: { method: 'POST', url: 'https://example.com/', body: '{}', eventType: 'a', headers: {} },
  });
  const [{ result }] = await once(port2, 'message');
  expect(result).toMatchObject({ kind: 'changed', body: '{}' });
  expect(looks).toBeGreaterThan(0);
  port2.close();
});

it('leaves a sandbox that can be used', async () => {
  const sandbox = await createSandbox();
  warmUp({ sandbox, cpuMs: () => 0 });
  expect(sandbox.isFull()).toBe(false);
});

it('throws if its run fails', async () => {
  const sandbox = await createSandbox();
  let cpuMs = 0;
  const countUp = () => {
    cpuMs += 1_000;
    return cpuMs;
  };
  expect(() => warmUp({ sandbox, cpuMs: countUp })).toThrow(
    'The first run of a sandbox failed: the transformation used',
  );
});

it('throws if the sandbox is spent', async () => {
  const sandbox = await createSandbox();
  expect(() => warmUp({ sandbox: { ...sandbox, isFull: () => true }, cpuMs: () => 0 })).toThrow('left it');
});
