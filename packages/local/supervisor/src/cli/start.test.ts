import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from '../data-folder-lock.ts';
import { findProcessesWith, runProgram } from '../testing/run-program.ts';

const script = join(import.meta.dirname, 'start.mjs');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-start-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `start` until it ends. Its data folder does not exist yet. */
async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = runProgram(script, args, { POSTHORN_PORT: '0', POSTHORN_DATA_DIR: join(folder, 'data'), ...env });
  const code = await program.ended;
  const left = await findProcessesWith(folder);
  return { code, left, stdout: program.stdout(), stderr: program.stderr(), files: await readdir(folder) };
}

const nothing = { left: [], files: [] };

describe('start', () => {
  it.each(['--help', '-h'])('prints its help with %s', async (argument) => {
    const answer = await start([argument]);
    expect(answer).toMatchObject({ ...nothing, code: 0, stderr: '' });
    for (const name of [
      'HOST',
      'PORT',
      'CONNECTIONS_PER_ADDRESS',
      'METRICS_PORT',
      'FORBIDDEN_PORTS',
      'ALLOWED_PORTS',
      'ALLOW_HTTP',
      'EGRESS_PROXY',
      'DATA_DIR',
      'DYNAMODB',
      'DURABILITY',
      'RETRY_SCHEDULE',
      'ALLOWED_SUBNETS',
    ])
      expect(answer.stdout).toContain(`POSTHORN_${name}`);
  });

  it('rejects an unknown argument', async () => {
    const answer = await start(['--port', '80']);
    expect(answer).toMatchObject({ ...nothing, code: 1, stdout: '' });
    expect(answer.stderr).toMatch(/^Posthorn does not start\. Unknown argument --port\. .*--help\n$/);
  });

  it('names every wrong variable at once, and starts nothing', async () => {
    const answer = await start([], {
      POSTHORN_HOST: 'here',
      POSTHORN_PORT: 'abc',
      POSTHORN_DYNAMODB: 'sqlite',
      POSTHORN_DURABILITY: 'ever',
      POSTHORN_RETRY_SCHEDULE: 'x',
      POSTHORN_ALLOWED_SUBNETS: 'nonsense',
    });
    expect(answer).toMatchObject({ ...nothing, code: 1, stdout: '' });
    expect(answer.stderr.match(/POSTHORN_\w+(?=:)/g)).toEqual([
      'POSTHORN_HOST',
      'POSTHORN_PORT',
      'POSTHORN_DYNAMODB',
      'POSTHORN_DURABILITY',
      'POSTHORN_RETRY_SCHEDULE',
      'POSTHORN_ALLOWED_SUBNETS',
    ]);
    expect(answer.stderr).not.toContain('    at ');
  });

  it('says that its port is taken, and starts nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    // A server that listens on a TCP port has an address of this kind.
    const { port } = other.address() as { port: number };
    const answer = await start([], { POSTHORN_PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));
    expect(answer).toMatchObject({ left: [], code: 1 });
    expect(answer.stderr).toMatch(new RegExp(`^Posthorn does not start\\. Port ${port} is taken\\. .*POSTHORN_PORT`));
  });

  it('says that the store does not respond, and leaves nothing running', async () => {
    const answer = await start([], { POSTHORN_DYNAMODB: 'http://127.0.0.1:1' });
    expect(answer).toMatchObject({ code: 1, left: [] });
    expect(answer.stderr).toMatch(/^Posthorn does not start\. POSTHORN_DYNAMODB: .*ECONNREFUSED/);
  });

  it('says that another Posthorn uses the data folder, and does not disturb it', async () => {
    const data = join(folder, 'data');
    const unlock = await lockDataFolder(data);
    await writeFile(join(data, 'local-cloud.json'), '{"url":"http://localhost:1","processes":{"supervisor":123}}');
    const answer = await start([]);
    unlock();
    expect(answer).toMatchObject({ code: 1, left: [] });
    expect(answer.stderr).toMatch(
      /^Posthorn does not start\. Another Posthorn uses \S+data \(process 123, http:\/\/localhost:1\)\. .*\n$/,
    );
    expect((await readdir(data)).sort()).toEqual(['local-cloud.json', 'lock']);
  });

  it('rejects a data folder of another version, and changes nothing in it', async () => {
    const data = join(folder, 'data');
    await mkdir(data);
    await writeFile(join(data, 'format'), '99\n');
    const answer = await start([]);
    expect(answer).toMatchObject({ code: 1, left: [] });
    expect(answer.stderr).toMatch(/^Posthorn does not start\. The data in \S+data has format 99, .*\n$/);
    expect((await readdir(data)).sort()).toEqual(['format', 'lock']);
  });

  it('reports a store that cannot be opened in one line', async () => {
    const data = join(folder, 'data');
    await mkdir(data);
    await writeFile(join(data, 'store'), 'no folder');
    const answer = await start([]);
    expect(answer).toMatchObject({ code: 1, left: [] });
    expect(answer.stderr).toMatch(/^Posthorn does not start\. \S.*\n$/);
  });

  it('says that Java is missing, and leaves nothing running', async () => {
    const answer = await start([], { PATH: folder, POSTHORN_DYNAMODB: 'local' });
    expect(answer).toMatchObject({ code: 1, left: [] });
    expect(answer.stderr).toMatch(
      /^Posthorn does not start\. Java 17 or later is needed for DynamoDB Local: install it/,
    );
    expect(answer.stderr).not.toContain('    at ');
  });
});
