import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Finding, wholeFolder } from '../errors.ts';
import type { TableEntry } from '../files/manifest.ts';
import { hasRows } from '../files/names.ts';
import { readBootId } from '../folder/boot-id.ts';
import { checkTables } from '../folder/check-tables.ts';
import { cutLogs } from '../folder/cut-logs.ts';
import { judgeFolder, type LogCut } from '../folder/judge-folder.ts';
import { openLevel } from '../folder/level.ts';
import { claimFolder } from '../folder/lock.ts';
import { readFolder } from '../folder/read-folder.ts';
import { findOtherSecrets, type OwnSecret } from '../folder/secret-checks.ts';
import { readRows } from '../rows.ts';
import type { RowCheck, Verification, VerifiedRows } from '../types.ts';
import type { Progress } from './progress.ts';

export interface VerifyOptions {
  /** Checks the rows, after all files were found whole. */
  readonly check?: RowCheck;
  /** Secrets beside the folder. It is a finding if they are not those with which the rows were stored. */
  readonly secrets?: readonly OwnSecret[];
  readonly onProgress?: Progress;
}

/**
 * Reads all of a folder, checks every checksum, and that the rows are in order. Changes nothing in it.
 *
 * @throws FolderInUse - the process that has it open can take a snapshot, which can be verified
 */
export async function verify(folder: string, options: VerifyOptions = {}): Promise<Verification> {
  if (!existsSync(folder)) return { findings: [{ file: wholeFolder, problem: 'is missing' }], rows: 0 };
  const release = await claimFolder(folder);
  try {
    return await verifyClaimed(folder, options);
  } finally {
    release();
  }
}

async function verifyClaimed(folder: string, options: VerifyOptions): Promise<Verification> {
  const content = await readFolder(folder);
  if (!content) return { findings: [{ file: wholeFolder, problem: 'has no data' }], rows: 0 };
  const { findings, cuts, loss } = judgeFolder(content, await readBootId());
  const inTables = await checkTablesWith(folder, content.manifest.tables, options.onProgress);
  const others = findOtherSecrets(content.identity?.secretChecks ?? {}, options.secrets ?? []);
  const found = [
    ...findings,
    ...inTables.filter(({ file }) => !findings.some((other) => other.file === file)),
    ...others,
  ];
  const lost = loss ? { loss } : {};
  if (found.length > 0) return { findings: found, rows: 0, ...lost };
  return { ...(await verifyRows(folder, cuts, options)), ...lost };
}

async function checkTablesWith(
  folder: string,
  tables: ReadonlyMap<number, TableEntry>,
  onProgress?: Progress,
): Promise<Finding[]> {
  const sizes = [...tables.values()].map(({ bytes }) => bytes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  return checkTables(folder, tables, 'whole', async () => {
    done += sizes.shift() ?? 0;
    onProgress?.({ doing: 'checking files', done, total });
    return false;
  });
}

/** Opens the folder by links to its tables, because LevelDB changes what it opens. */
async function verifyRows(
  folder: string,
  cuts: readonly LogCut[],
  { check, onProgress }: VerifyOptions,
): Promise<{ findings: readonly Finding[]; rows: number }> {
  const copy = await mkdtemp(join(tmpdir(), 'posthorn-verify-'));
  try {
    const names = (await readdir(folder)).filter((name) => hasRows(name) || name === 'CURRENT');
    for (const name of names) {
      if (/\.(ldb|sst)$/.test(name)) await symlink(resolve(folder, name), join(copy, name));
      else await copyFile(join(folder, name), join(copy, name));
    }
    // As a start would do it.
    await cutLogs(copy, cuts);
    const level = await openLevel(copy);
    try {
      const source: VerifiedRows = {
        get: (key) => level.getSync(key),
        rows: (range) => readRows({ level: () => level, readable: () => undefined }, range),
      };
      const { rows, problem } = await countInOrder(source, onProgress);
      const findings = problem ? [{ file: wholeFolder, problem }] : ((await check?.(source)) ?? []);
      return { findings, rows };
    } finally {
      await level.close();
    }
  } finally {
    await rm(copy, { recursive: true });
  }
}

async function countInOrder(source: VerifiedRows, onProgress?: Progress): Promise<{ rows: number; problem?: string }> {
  let count = 0;
  let before: Buffer | undefined;
  for await (const rows of source.rows({})) {
    // LevelDB orders keys by their bytes. Comparing the ends of each portion finds what its checksums cannot.
    const [first, last] = [rows[0], rows.at(-1)].map((row) => Buffer.from(row?.[0] ?? ''));
    if (!first || !last || (before && before.compare(first) >= 0) || first.compare(last) > 0) {
      return { rows: count, problem: `has rows that are not in order after row ${count}` };
    }
    before = last;
    count += rows.length;
    onProgress?.({ doing: 'checking rows', done: count });
  }
  return { rows: count };
}
