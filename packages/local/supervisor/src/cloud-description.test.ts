import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSmallDisk, findSmallDiskProblem, type SmallDisk } from '@posthorn/local-storage/testing/small-disk';
import { describeCloud } from './cloud-description.ts';
import type { LocalCloud } from './local-cloud-file.ts';

const problem = await findSmallDiskProblem();
if (problem !== undefined) process.stdout.write(`No small disk here, so no disk is filled: ${problem}\n`);

let folder: string;
let disk: SmallDisk | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-description-'));
});
afterEach(() => {
  disk?.close();
  return rm(folder, { recursive: true });
});

const aCloud = (pid: number): LocalCloud => ({
  region: 'us-east-1',
  accessKeyId: 'a',
  secretAccessKey: 'b',
  system: { accessKeyId: 'c', secretAccessKey: 'd' },
  url: 'http://localhost:1',
  stage: 'local',
  dynamodb: 'http://localhost:2',
  sqs: 'http://localhost:3',
  control: 'http://localhost:4',
  processes: { host: pid },
});

describe('the description of the local cloud', () => {
  it('has the last processes, and none when it is closed', async () => {
    const cloudFile = join(folder, 'local-cloud.json');
    let pid = 1;
    const description = describeCloud({ cloudFile }, () => aCloud(pid));
    const read = async () => JSON.parse(await readFile(cloudFile, 'utf8')).processes;
    await description.update();
    expect(await read()).toEqual({ host: 1 });
    pid = 2;
    await description.update();
    expect(await read()).toEqual({ host: 2 });
    await description.close();
    expect(await read()).toEqual({});
  });

  it('is written later if the disk is full', async () => {
    if (problem !== undefined) return;
    disk = await createSmallDisk(folder, 2);
    const data = disk.outside(join(folder, 'data'));
    await mkdir(data);
    const cloudFile = join(data, 'local-cloud.json');
    let pid = 1;
    const description = describeCloud({ cloudFile }, () => aCloud(pid), 10);
    await description.update();
    await disk.fill(0);
    pid = 2;
    await description.update();
    expect(JSON.parse(await readFile(cloudFile, 'utf8')).processes).toEqual({ host: 1 });
    await disk.free();
    while (JSON.parse(await readFile(cloudFile, 'utf8')).processes.host !== 2)
      await new Promise((resolve) => setImmediate(resolve));
    await disk.fill(0);
    await description.close();
  });
});
