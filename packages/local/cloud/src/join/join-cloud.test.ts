import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudDescription } from './description.ts';
import { type Joining, joinCloud, whyNot } from './join-cloud.ts';
import { offlineStage } from './offline-stage.ts';

let folder: string;
let server: Server;
let endpoint: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  // A server on TCP has an address of this kind.
  endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterEach(async () => {
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const fileAt = () => join(folder, 'local-cloud.json');
const aCloud = (): CloudDescription => ({
  stage: 'local',
  region: 'eu-north-1',
  accessKeyId: 'id',
  secretAccessKey: 'secret',
  dynamodb: endpoint,
  sqs: endpoint,
  environment: { APP_KEY_FILE: '/a/key', APP_MODE: 'cloud' },
});
const queueEvents = [{ functionKey: 'work', events: [{ sqs: 'arn:aws:sqs:us-east-1:0:jobs' }] }];
const joining = (more: Partial<Joining> = {}): Joining => ({
  path: 'local-cloud.json',
  serviceDir: folder,
  serviceName: 'orders',
  stage: 'local',
  events: queueEvents,
  startCommand: 'make cloud',
  own: {},
  ...more,
});

describe('a service that joins a local cloud', () => {
  it('gets the endpoints, the key, the checkpoints and the variables of the cloud', async () => {
    const checkpoints = { url: 'http://127.0.0.1:1', token: 'token' };
    const system = { accessKeyId: 'own id', secretAccessKey: 'own secret' };
    await writeFile(fileAt(), JSON.stringify({ ...aCloud(), system, checkpoints }));
    expect(await joinCloud(joining())).toEqual({
      APP_KEY_FILE: '/a/key',
      APP_MODE: 'cloud',
      AWS_REGION: 'eu-north-1',
      AWS_ACCESS_KEY_ID: 'own id',
      AWS_SECRET_ACCESS_KEY: 'own secret',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_SQS: endpoint,
      EVENT_SOURCE_CHECKPOINTS: checkpoints.url,
      EVENT_SOURCE_CHECKPOINTS_TOKEN: 'token',
    });
  });

  it('keeps the variables that the caller has set for the functions, but not those of AWS', async () => {
    await writeFile(fileAt(), JSON.stringify(aCloud()));
    const own = { APP_MODE: 'mine', AWS_REGION: 'us-west-2' };
    expect(await joinCloud(joining({ own }))).toMatchObject({ APP_MODE: 'mine', AWS_REGION: 'eu-north-1' });
  });

  it.each(['', '{"stage":"lo', '{"stage":"local"}'])('says how to start one if the file has %j', async (text) => {
    await writeFile(fileAt(), text);
    await expect(joinCloud(joining())).rejects.toThrow(`(looked for ${fileAt()}). Start one: make cloud`);
  });

  it('says how to start one if the cloud of the file has ended', async () => {
    await writeFile(fileAt(), JSON.stringify(aCloud()));
    await new Promise((resolve) => server.close(resolve));
    await expect(joinCloud(joining())).rejects.toThrow('No local cloud runs');
  });

  it('is refused with another stage', () => {
    expect(whyNot({ stage: 'local' }, joining({ stage: 'prod' }))).toContain('use --stage local');
  });

  it('is refused if its event sources run already, and not if others do', () => {
    expect(whyNot({ stage: 'local', runs: ['orders'] }, joining())).toContain('are served already');
    expect(whyNot({ stage: 'local', runs: ['invoices'] }, joining())).toBeUndefined();
  });

  it('may serve HTTP beside the cloud that runs it too', () => {
    const events = [{ functionKey: 'ping', events: [{ httpApi: 'GET /ping' }] }];
    expect(whyNot({ stage: 'local', runs: ['orders'] }, joining({ events }))).toBeUndefined();
  });
});

describe('the stage of a service', () => {
  it("is the cloud's under serverless offline", async () => {
    await writeFile(fileAt(), JSON.stringify(aCloud()));
    expect(offlineStage(fileAt(), 'dev', ['offline'])).toBe('local');
    expect(offlineStage(fileAt(), 'dev', ['--verbose', 'offline', 'start'])).toBe('local');
  });

  it('is not changed for a package or a deployment, or without a cloud', async () => {
    expect(offlineStage(fileAt(), 'dev', ['offline'])).toBe('dev');
    await writeFile(fileAt(), JSON.stringify(aCloud()));
    expect(offlineStage(fileAt(), 'dev', ['package'])).toBe('dev');
    expect(offlineStage(fileAt(), 'dev', ['deploy', '--param', 'offline'])).toBe('dev');
  });
});
