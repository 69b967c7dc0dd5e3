import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeSources } from './change-traffic.ts';

/** Calls with the variable that names a file of sources. The file is deleted afterwards. */
export async function withSourcesFile<T>(run: (environment: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-'));
  const file = join(folder, 'posthorn.sources.yml');
  try {
    await writeFile(file, changeSources);
    return await run({ POSTHORN_SOURCES: file });
  } finally {
    await rm(folder, { recursive: true });
  }
}
