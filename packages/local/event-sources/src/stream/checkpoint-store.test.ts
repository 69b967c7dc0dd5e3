import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checkpoint, createFileCheckpointStore } from './checkpoint-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const fileAt = () => join(folder, 'deep', 'follow.json');
const checkpoint: Checkpoint = { streamArn: 'arn:a', shards: { s: { kind: 'after', sequenceNumber: '7' } } };

describe('a checkpoint in a file', () => {
  it('is found by the next process, and only for its own stream', async () => {
    await createFileCheckpointStore(fileAt()).save(checkpoint);
    expect(await createFileCheckpointStore(fileAt()).load('arn:a')).toEqual(checkpoint);
    expect(await createFileCheckpointStore(fileAt()).load('arn:b')).toBeUndefined();
  });

  it.each(['', '{"streamArn":"arn:a","sha'])('is ignored if it is half written: %j', async (text) => {
    await createFileCheckpointStore(fileAt()).save(checkpoint);
    await writeFile(fileAt(), text);
    expect(await createFileCheckpointStore(fileAt()).load('arn:a')).toBeUndefined();
  });
});
