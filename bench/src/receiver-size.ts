import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Aim } from './size-aims.ts';

/** A program that receives messages through one entry of the kit. */
export interface MeasuredEntry {
  readonly entry: string;
  readonly gzipKilobytes: number;
}

const folder = join(import.meta.dirname, '../../packages/receiver');
const maxGzipKilobytes = 10;

/** Bundles a program for each entry of the receiver kit, with all of the entry, verifying, and the store in memory. */
export async function measureReceiver(): Promise<readonly MeasuredEntry[]> {
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  return Promise.all(
    Object.entries(exports).map(async ([entry, source]) => ({
      entry: join('@posthorn/receiver', entry),
      gzipKilobytes: await measureProgram(`
        import { createReceiver, memoryStore } from ${JSON.stringify(exports['.'])};
        import * as entry from ${JSON.stringify(source)};
        console.log(createReceiver, memoryStore, entry);`),
    })),
  );
}

async function measureProgram(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    write: false,
    bundle: true,
    minify: true,
    target: 'node20',
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*'],
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0]?.contents ?? '').length / 1000;
}

/** Compares the kit with its limit. */
export function checkReceiverSize(measured: readonly MeasuredEntry[]): Aim {
  const large = measured.filter(({ gzipKilobytes }) => gzipKilobytes > maxGzipKilobytes);
  return {
    what: `the receiver kit has at most ${maxGzipKilobytes} KB in a program, compressed`,
    ...(large.length > 0 && { missedBy: large.map(({ entry }) => entry).join(', ') }),
  };
}
