import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRunning } from './launchers.ts';
import { type ProcessChange, type SupervisedProcess, superviseProcess } from './supervised-process.ts';

const started: SupervisedProcess[] = [];
afterEach(() => Promise.all(started.splice(0).map((one) => one.stop())));

/** Supervises a Node program that is given as text. */
function supervise(program: string) {
  const changes: ProcessChange[] = [];
  const lines: string[] = [];
  const supervised = superviseProcess({
    name: 'service',
    args: ['-e', program],
    cwd: tmpdir(),
    env: { ...process.env, NODE_OPTIONS: '' },
    onLine: (line) => lines.push(line),
    onChange: (change) => changes.push(change),
  });
  started.push(supervised);
  const pids = () => changes.flatMap((change) => (change.kind === 'started' ? change.pid : []));
  return { supervised, changes, lines, pids };
}

async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(20);
}

const stays = 'process.on("disconnect", () => process.exit()); setInterval(() => {}, 1000);';
const stubborn = `process.on("SIGTERM", () => {}); ${stays}`;

describe('a supervised process', () => {
  it('is ready when it sends `ready`', async () => {
    const { supervised, pids, lines } = supervise(`${stays} console.log("one\\ntwo"); process.send("ready")`);
    await supervised.ready();
    await eventually(() => lines.length === 2);
    expect(lines).toEqual(['one', 'two']);
    expect(pids()).toEqual([supervised.pid()]);
  });

  it('is started again when it dies, and the change says how it died', async () => {
    const { supervised, changes, pids } = supervise(`${stays} process.send("ready")`);
    await supervised.ready();
    process.kill(supervised.pid() ?? 0, 'SIGKILL');
    await eventually(() => pids().length === 2);
    await supervised.ready();
    expect(changes[1]).toEqual({ kind: 'died', name: 'service', how: 'SIGKILL', restartInMs: 0 });
    expect(supervised.pid()).toBe(pids()[1]);
  });

  it('learns how often it was started again, and whether it was ready before', async () => {
    const told = 'console.log(process.env.POSTHORN_RESTARTS, process.env.POSTHORN_WAS_READY)';
    const { supervised, lines } = supervise(`${stays} ${told}; process.send("ready")`);
    await supervised.ready();
    process.kill(supervised.pid() ?? 0, 'SIGKILL');
    await eventually(() => lines.length === 2);
    expect(lines).toEqual(['0 undefined', '1 true']);
  });

  it('is given up if it dies repeatedly before it is ready', async () => {
    const { supervised, changes } = supervise('process.exit(7)');
    await expect(supervised.ready()).rejects.toThrow('service did not start');
    const died = expect.objectContaining({ kind: 'died', how: 'exit code 7' });
    const began = expect.objectContaining({ kind: 'started' });
    const gaveUp = { kind: 'gave-up', name: 'service' };
    expect(changes).toEqual([began, died, began, died, began, gaveUp]);
    expect(supervised.pid()).toBeUndefined();
  });

  it('is given up at once if it reports a problem', async () => {
    const { supervised, changes } = supervise('process.send({ problem: "no such folder" }); process.disconnect()');
    await expect(supervised.ready()).rejects.toThrow('no such folder');
    const began = expect.objectContaining({ kind: 'started' });
    expect(changes).toEqual([began, { kind: 'gave-up', name: 'service', problem: 'no such folder' }]);
  });

  it('is started again and again after it was ready once, if the problem may pass', async () => {
    const file = join(tmpdir(), `posthorn-problem-${process.pid}`);
    const { supervised, changes, pids } = supervise(
      `if (require("fs").existsSync(${JSON.stringify(file)})) {
        process.send({ problem: "the disk is full", mayPass: true });
        process.disconnect();
      } else { ${stays} process.send("ready") }`,
    );
    await supervised.ready();
    await writeFile(file, '');
    process.kill(supervised.pid() ?? 0, 'SIGKILL');
    await eventually(() => pids().length === 5);
    await rm(file);
    await supervised.ready();
    expect(changes.find((change) => change.kind === 'died' && change.how !== 'SIGKILL')).toMatchObject({
      how: 'the disk is full',
    });
    expect(changes.some(({ kind }) => kind === 'gave-up')).toBe(false);
  });

  it('is not started again after it was stopped', async () => {
    const { supervised, pids, changes } = supervise(`${stays} process.send("ready")`);
    await supervised.ready();
    await supervised.stop();
    expect(changes).toHaveLength(1);
    expect(await isRunning(pids()[0] ?? 0)).toBe(false);
    await supervised.stop();
  });

  it('is killed with its children if it ignores SIGTERM', async () => {
    const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(stubborn)}])`;
    const { supervised, pids, lines } = supervise(`${stubborn} console.log(${child}.pid); process.send("ready")`);
    await supervised.ready();
    await eventually(() => lines.length === 1);
    await supervised.stop();
    expect(await isRunning(pids()[0] ?? 0)).toBe(false);
    await eventually(async () => !(await isRunning(Number(lines[0]))));
  });
});
