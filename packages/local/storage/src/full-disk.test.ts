import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFolder } from './testing/a-folder.ts';
import { findSmallDiskProblem } from './testing/small-disk.ts';

/** Ten times what it took at most on a machine that does nothing else. */
const healLimitMs = 50_000;

const run = promisify(execFile);
const script = join(import.meta.dirname, 'testing/on-small-disk.ts');

const problem = await findSmallDiskProblem();
if (problem !== undefined) process.stdout.write(`No small disk here, so no disk is filled: ${problem}\n`);

let folder: string;
beforeEach(async () => {
  folder = await createFolder();
});
afterEach(() => rm(folder, { recursive: true }));

const node = [process.execPath, '--disable-warning=ExperimentalWarning', script];

/** Runs the script with a disk of 24 MB in memory, which only its process sees. Needs Linux with user namespaces. */
const onSmallDisk = (minFreeBytes: number) =>
  runScript(
    ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=24m tmpfs "$1" && shift && exec "$@"', 'sh'],
    [join(folder, 'disk'), ...node, join(folder, 'disk'), String(minFreeBytes)],
  );

/** Runs the script with a limit for the size of a file: 4 MB in blocks of 512 bytes. */
const withSmallFiles = () =>
  runScript(['sh', '-c', 'ulimit -S -f 8192 && exec "$@"', 'sh'], [...node, join(folder, 'disk'), '0', 'limit']);

async function runScript([program = '', ...first]: readonly string[], rest: readonly string[]) {
  await mkdir(join(folder, 'disk'));
  const { stdout } = await run(program, [...first, ...rest]);
  // The script writes this type.
  return JSON.parse(stdout) as Readonly<Record<string, unknown>> & { readonly longestHealMs: number };
}

const nothingWrong = { lost: 0, returned: 0, halves: 0 };

it('refuses writes that fail, and writes again with none of the refused changes', async () => {
  const seen = await withSmallFiles();
  expect(seen).toMatchObject({ reasons: ['StorageWriteFailed'], running: nothingWrong });
  expect([seen.reopened, seen.afterKill]).toEqual([nothingWrong, nothingWrong]);
  expect(seen.longestHealMs).toBeLessThan(healLimitMs);
});

it('refuses writes on a full disk, reads on, and writes again when there is space', async () => {
  if (problem !== undefined) return;
  const seen = await onSmallDisk(0);
  expect(seen).toMatchObject({
    reasons: ['StorageWriteFailed'],
    opening: 'FolderNotOpened',
    readErrors: 0,
    running: nothingWrong,
  });
  expect([seen.reopened, seen.afterKill]).toEqual([nothingWrong, nothingWrong]);
  expect(seen.longestHealMs).toBeLessThan(healLimitMs);
});

it('keeps the last free space for essential commits', async () => {
  if (problem !== undefined) return;
  const seen = await onSmallDisk(8_000_000);
  expect(seen).toMatchObject({ reasons: ['StorageFull'], essential: 3, readErrors: 0, running: nothingWrong });
  expect([seen.reopened, seen.afterKill]).toEqual([nothingWrong, nothingWrong]);
  expect(seen.longestHealMs).toBeLessThan(healLimitMs);
});

it('refuses writes without file descriptors, reads on, and writes again when there are some', async () => {
  const script = join(import.meta.dirname, 'testing/without-descriptors.ts');
  const { stdout } = await run('sh', [
    '-c',
    'ulimit -n 100; exec "$1" --disable-warning=ExperimentalWarning "$2" "$3"',
    'sh',
    process.execPath,
    script,
    folder,
  ]);
  // The script writes this type.
  const seen = JSON.parse(stdout) as { readonly healMs: number };
  expect(seen).toMatchObject({
    refused: expect.stringContaining('Too many open files'),
    state: { writable: false, cause: 'failing', reason: expect.stringContaining('Too many open files') },
    isRead: true,
    isComplete: true,
  });
  expect(seen.healMs).toBeLessThan(healLimitMs);
});
