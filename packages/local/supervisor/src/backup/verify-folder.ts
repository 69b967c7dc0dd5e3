import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRows } from '@posthorn/local-host/check-rows';
import { type Finding, type Loss, type OwnSecret, type Progress, verify } from '@posthorn/local-storage';
import type { Store } from './used-folder.ts';

export interface FolderVerification {
  readonly findings: readonly Finding[];
  readonly rows: number;
  readonly losses: readonly Loss[];
}

/** Reads everything in some stores, and checks that the secrets beside them are theirs. */
export async function verifyStores(
  path: string,
  stores: readonly Store[],
  onProgress: Progress,
): Promise<FolderVerification> {
  const secrets = await Promise.all(['master-key', 'jwt-secret'].map((name) => readSecret(path, name)));
  const findings: Finding[] = secrets.flatMap(({ file, secret }) =>
    secret ? [] : [{ file, problem: 'is missing: without it, the data is useless' }],
  );
  const losses: Loss[] = [];
  let rows = 0;
  for (const { name, folder } of stores) {
    const seen = await verify(folder, {
      check: checkRows,
      secrets: secrets.filter(({ secret }) => secret),
      onProgress,
    });
    rows += seen.rows;
    findings.push(...seen.findings.map(({ file, problem }) => ({ file: `${name}: ${file}`, problem })));
    if (seen.loss) losses.push(seen.loss);
  }
  return { findings, rows, losses };
}

async function readSecret(path: string, name: string): Promise<OwnSecret> {
  const secret = await readFile(join(path, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return { name, file: name, secret };
}
