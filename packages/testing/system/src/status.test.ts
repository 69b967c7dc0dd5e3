import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let applicationId: string;
beforeAll(async () => {
  const environment = { POSTHORN_METRICS_PORT: '0', POSTHORN_RETRY_SCHEDULE: '3600' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  receiver.respond('/fails', () => ({ status: 500 }));
  const client = new Svix(system.token, { serverUrl: system.url });
  applicationId = (await client.application.create({ name: 'Watched' })).id;
  for (const path of ['/works', '/fails'])
    await client.endpoint.create(applicationId, { url: `${receiver.url}${path}` });
  for (const n of [1, 2, 3]) await client.message.create(applicationId, { eventType: 'a', payload: { n } });
  await until('everything is sent once, and nothing is under way', async () => {
    const { counts, failing, queues, fanOutBehindSeconds } = JSON.parse((await status('--json')).stdout);
    const isSent = counts.delivered === 3 && counts.failedAttempts === 3 && failing === 3;
    return isSent && queues.waiting + queues.inFlight + fanOutBehindSeconds === 0;
  });
});
afterAll(async () => {
  await Promise.all([system.stop(), receiver.stop()]);
});

async function status(...args: readonly string[]) {
  return runStatus(system.dataDir, ...args);
}

async function runStatus(dataDir: string, ...args: readonly string[]) {
  const program = runProgram(commandScript('status'), args, { POSTHORN_DATA_DIR: dataDir });
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() };
}

const readMetrics = async () => {
  const token = await readFile(join(system.dataDir, 'metrics-token'), 'utf8');
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${(await system.cloud()).metrics}/metrics`, { headers })).text();
};

describe('run status', () => {
  it('shows what was accepted, delivered, fails and waits, also for an application', async () => {
    const { code, stdout, stderr } = await status('--app', applicationId, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const counts = { accepted: 3, delivered: 3, failedAttempts: 3 };
    expect(JSON.parse(stdout)).toMatchObject({
      url: system.url,
      health: { kind: 'healthy' },
      restarts: 0,
      counts,
      failing: 3,
      queues: { waiting: 0, inFlight: 0, deadLetters: 0 },
      fanOutBehindSeconds: 0,
      applications: [{ id: applicationId, ...counts, failing: 3, waiting: 0 }],
    });
  });

  it('prints lines for people', async () => {
    const { code, stdout } = await status('--apps');
    expect(code).toBe(0);
    expect(stdout).toContain(`Posthorn at ${system.url} accepts messages.`);
    expect(stdout).toMatch(/^failing +3 +deliveries that wait/m);
    expect(stdout).toMatch(new RegExp(`^${applicationId} +3 +3 +3 +3 +0$`, 'm'));
  });

  it('says in one line that nothing runs', async () => {
    const dataDir = join(system.dataDir, 'nothing');
    const { code, stdout, stderr } = await runStatus(dataDir);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^No Posthorn runs with the data folder \S+nothing, .*\n$/);
  });

  it('has help', async () => {
    expect(await status('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--app ID') });
    expect(await status('--unknown')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('the metrics', () => {
  it('count requests, attempts and what waits, and measure the store and the process', async () => {
    const text = await readMetrics();
    for (const line of [
      'posthorn_requests_total{route="POST /api/v1/app/{app_id}/msg",status="2xx"} 3',
      'posthorn_attempts_total{outcome="accepted"} 3',
      'posthorn_attempts_total{outcome="rejected"} 3',
      'posthorn_messages_fanned_out_total 3',
      'posthorn_queue_messages{queue="posthorn-local-deliveries",state="waiting"} 0',
      'posthorn_queue_oldest_waiting_seconds{queue="posthorn-local-deliveries"} 0',
      'posthorn_stream_behind_seconds{function="onMessageInserted"} 0',
      'posthorn_store_writable 1',
      'posthorn_restarts_total 0',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^posthorn_store_commit_seconds_count [1-9]\d*$/m);
    expect(text).toMatch(/^posthorn_store_read_seconds_count [1-9]\d*$/m);
    expect(text).toMatch(/^posthorn_event_loop_lag_seconds\{quantile="0\.99"\} \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d{7,}$/m);
    // Each line is a comment or a sample, as Prometheus expects.
    const form = /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? (\d[\d.e+-]*|\+Inf))$/;
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((line) => !form.test(line)),
    ).toEqual([]);
  });

  it('count restarts', async () => {
    const { host } = (await system.cloud()).processes;
    process.kill(host ?? 0, 'SIGKILL');
    await until('it runs again', async () =>
      (await readMetrics().catch(() => '')).includes('posthorn_restarts_total 1'),
    );
  });
});
