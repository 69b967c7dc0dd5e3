import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../errors.ts';
import { type Manifest, readManifest, type TableEntry } from '../files/manifest.ts';
import { currentName, hasRows, logName, logNumberOf, oldTableName, tableName } from '../files/names.ts';
import { scanWriteLog, type WriteLogScan } from '../files/write-log.ts';
import { type Identity, identityName, readIdentity } from './identity.ts';
import { readWitness, type Witness, witnessName } from './witness.ts';

/** A write-ahead log whose changes are not in table files yet. */
export interface LiveLog {
  readonly name: string;
  readonly bytes: Buffer;
  readonly scan: WriteLogScan;
}

/** What is in a folder. Reading it changes nothing. */
export interface FolderContent {
  readonly identity?: Identity;
  readonly witness?: Witness;
  readonly manifest: Manifest;
  /** In the order in which they were written. */
  readonly logs: readonly LiveLog[];
  /** Files that are missing or cannot be read. Damage in the logs is not among them. */
  readonly findings: readonly Finding[];
}

/** @returns nothing if the folder has no rows and never had any: it is empty, or its first start was interrupted */
export async function readFolder(folder: string): Promise<FolderContent | undefined> {
  const names = await readdir(folder);
  const [identity, witness] = [await readIdentity(folder), readWitness(folder)];
  const mine = { ...(isObject(identity) && { identity }), ...(isObject(witness) && { witness }) };
  const findings: Finding[] = [];
  if (identity === 'damaged') findings.push({ file: identityName, problem: 'cannot be read' });
  if (witness === 'damaged') findings.push({ file: witnessName, problem: 'cannot be read' });
  if (identity && !witness) findings.push({ file: witnessName, problem: 'is missing' });
  if (isObject(identity) && isObject(witness) && identity.id !== witness.id) {
    findings.push({ file: witnessName, problem: 'belongs to another folder' });
  }
  if (!names.includes(currentName)) {
    if (!identity && !names.some((name) => hasRows(name) && name !== firstManifest)) return undefined;
    findings.push({ file: currentName, problem: 'is missing' });
    return { ...mine, manifest: emptyManifest, logs: [], findings };
  }
  const { manifest, problem } = await readCurrent(folder, names);
  if (problem) return { ...mine, manifest: emptyManifest, logs: [], findings: [...findings, problem] };
  return {
    ...mine,
    manifest,
    logs: await readLogs(folder, names, manifest),
    findings: [...findings, ...missingLog(names, manifest), ...(await checkSizes(folder, names, manifest))],
  };
}

const isObject = <T extends object>(value: T | string | undefined): value is T => typeof value === 'object';

/** All that an interrupted first start can leave: LevelDB writes CURRENT after it. */
const firstManifest = 'MANIFEST-000001';
const emptyManifest: Manifest = { comparator: '', logNumber: 0, lastSequence: 0, tables: new Map() };
const comparator = 'leveldb.BytewiseComparator';

async function readCurrent(
  folder: string,
  names: readonly string[],
): Promise<{ manifest: Manifest; problem?: Finding }> {
  const bad = (file: string, problem: string) => ({ manifest: emptyManifest, problem: { file, problem } });
  const current = await readFile(join(folder, currentName), 'latin1');
  const name = /^(MANIFEST-\d+)\n$/.exec(current)?.[1];
  if (name === undefined) return bad(currentName, 'does not name a MANIFEST');
  if (!names.includes(name)) return bad(name, 'is missing');
  const { manifest, damage } = readManifest(await readFile(join(folder, name)));
  // A torn last entry of a killed process changed nothing yet: all files of the entries before it still exist.
  if (damage && !damage.endsEarly) return bad(name, `is damaged at byte ${damage.at}: ${damage.reason}`);
  if (manifest.comparator !== comparator) return bad(name, 'has no beginning, or belongs to another program');
  return { manifest };
}

async function readLogs(folder: string, names: readonly string[], { logNumber }: Manifest): Promise<LiveLog[]> {
  const live = names
    .flatMap((name) => ({ name, number: logNumberOf(name) ?? -1 }))
    .filter(({ number }) => number >= logNumber)
    .sort((a, b) => a.number - b.number);
  return Promise.all(
    live.map(async ({ name }) => {
      const bytes = await readFile(join(folder, name));
      return { name, bytes, scan: scanWriteLog(bytes) };
    }),
  );
}

/** The log that the MANIFEST names exists from the moment on when the MANIFEST names it. */
function missingLog(names: readonly string[], { logNumber }: Manifest): Finding[] {
  if (logNumber === 0 || names.includes(logName(logNumber))) return [];
  return [{ file: logName(logNumber), problem: 'is missing' }];
}

async function checkSizes(folder: string, names: readonly string[], { tables }: Manifest): Promise<Finding[]> {
  const existing = new Set(names);
  const findings = await Promise.all([...tables.values()].map((table) => checkSize(folder, existing, table)));
  return findings.flat();
}

async function checkSize(folder: string, names: ReadonlySet<string>, table: TableEntry): Promise<Finding[]> {
  const file = tableFile(names, table.number);
  if (file === undefined) return [{ file: tableName(table.number), problem: 'is missing' }];
  const { size } = await stat(join(folder, file));
  if (size === table.bytes) return [];
  return [{ file, problem: `has ${size} bytes, but should have ${table.bytes}` }];
}

/** Returns the name of a table's file, or nothing if it is missing. */
export const tableFile = (names: ReadonlySet<string>, number: number): string | undefined =>
  [tableName(number), oldTableName(number)].find((name) => names.has(name));
