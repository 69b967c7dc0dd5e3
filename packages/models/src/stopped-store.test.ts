import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { isPassingError } from '@posthorn/core';
import { createDynamoClient } from './client.ts';

const serve = join(
  dirname(createRequire(import.meta.url).resolve('@posthorn/local-dynamodb/testing/mortal-server')),
  'serve.ts',
);

it('fails while the store is stopped, and works when it runs again', async () => {
  const store = spawn(process.execPath, [serve], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [line] = await once(store.stdout ?? store, 'data');
  process.env.AWS_ENDPOINT_URL_DYNAMODB = String(line).trim();
  const client = createDynamoClient({ tryMs: 200, totalMs: 600 });
  const patient = createDynamoClient({ tryMs: 60_000, totalMs: 300_000 });
  try {
    await patient.send(new ListTablesCommand());
    store.kill('SIGSTOP');
    const error = await client.send(new ListTablesCommand()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(isPassingError(error)).toBe(true);
    store.kill('SIGCONT');
    expect(await patient.send(new ListTablesCommand())).toMatchObject({ TableNames: [] });
  } finally {
    store.kill('SIGKILL');
    client.destroy();
    patient.destroy();
  }
});
