import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildProgram } from '@posthorn/publishing';
import { median } from '../figures.ts';
import type { MeasuredProgram } from '../size-aims.ts';

const folder = join(import.meta.dirname, '../../../packages/cli');
const runs = 21;

/** Builds the command line as it is published, and starts it in turn with an empty program: medians of 21. */
export async function measureProgram(): Promise<MeasuredProgram> {
  await buildProgram(folder);
  const file = join(folder, 'dist/posthorn.js');
  const own = await mkdtemp(join(tmpdir(), 'posthorn-size-'));
  const empty = join(own, 'empty.js');
  await writeFile(empty, '');
  const times = { posthorn: [] as number[], empty: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    times.empty.push(await timeOf([empty]));
    times.posthorn.push(await timeOf([file, '--version']));
  }
  await rm(own, { recursive: true });
  return {
    kilobytes: (await stat(join(folder, 'dist/index.js'))).size / 1000,
    startMs: median(times.posthorn),
    emptyStartMs: median(times.empty),
  };
}

async function timeOf(args: readonly string[]): Promise<number> {
  const before = performance.now();
  await promisify(execFile)(process.execPath, args, { env: {} });
  return performance.now() - before;
}
