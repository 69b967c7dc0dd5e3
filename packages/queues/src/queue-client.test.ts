import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { isPassingError } from '@posthorn/core';
import { createQueueClient } from './queue-client.ts';

/** A queue service as a process of its own, with one answer to everything. */
const program = `
  const server = require('node:http').createServer((request, response) =>
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"QueueUrl":"here"}'));
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
  process.once('disconnect', () => process.exit());
`;

it('gives up on a queue service that is stopped, and goes on when it runs again', async () => {
  const service = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [line] = await once(service.stdout ?? service, 'data');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: String(line).trim(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const command = new GetQueueUrlCommand({ QueueName: 'q' });
  const client = createQueueClient({ tryMs: 200, totalMs: 600 });
  const patient = createQueueClient({ tryMs: 60_000, totalMs: 300_000 });
  try {
    await patient.send(command);
    service.kill('SIGSTOP');
    const error = await client.send(command).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(isPassingError(error)).toBe(true);
    service.kill('SIGCONT');
    expect(await patient.send(command)).toMatchObject({ QueueUrl: 'here' });
  } finally {
    service.kill('SIGKILL');
    client.destroy();
    patient.destroy();
  }
});
