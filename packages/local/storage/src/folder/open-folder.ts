import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { DataFolderDamaged, type Finding, FolderNotOpened, wholeFolder } from '../errors.ts';
import type { Manifest } from '../files/manifest.ts';
import type { StorageOptions } from '../options.ts';
import { isOutOfRoom } from '../out-of-space.ts';
import { readBootId } from './boot-id.ts';
import { checkTables, isSmall } from './check-tables.ts';
import { cutLogs } from './cut-logs.ts';
import { createIdentity, writeIdentity } from './identity.ts';
import { judgeFolder, type Loss } from './judge-folder.ts';
import { removeLeftOvers } from './left-overs.ts';
import { type Level, openLevel } from './level.ts';
import { claimFolder } from './lock.ts';
import { type FolderContent, readFolder } from './read-folder.ts';
import { checkSecrets } from './secret-checks.ts';
import { openWitness, type Witness, type WitnessWriter } from './witness.ts';

/** A folder that was found whole, and is open. */
export interface OpenFolder {
  readonly level: Level;
  readonly writer: WitnessWriter;
  /** What the witness said when the folder was opened. */
  readonly witness: Witness;
  readonly loss?: Loss;
  /** Tables of a large folder whose blocks were not checked yet. */
  readonly unchecked?: Manifest['tables'];
  /** Gives the folder back to this process. */
  readonly release: () => void;
}

type FolderOptions = Pick<StorageOptions, 'durability' | 'hadRows' | 'secrets'>;

/**
 * Opens a folder if nothing is missing in it. Otherwise nothing in it is changed.
 *
 * @throws FolderInUse, DataFolderDamaged, SecretDiffers, FolderNotOpened
 */
export async function openFolder(folder: string, options: FolderOptions): Promise<OpenFolder> {
  if (!options.hadRows) await mkdir(folder, { recursive: true, mode: 0o700 });
  else if (!existsSync(folder)) throw new DataFolderDamaged(folder, [{ file: wholeFolder, problem: 'is missing' }]);
  const release = await claimFolder(folder);
  try {
    return { ...(await openClaimed(folder, options)), release };
  } catch (error) {
    release();
    throw isOutOfRoom(error) ? new FolderNotOpened(folder, error) : error;
  }
}

async function openClaimed(
  folder: string,
  { durability = 'process', hadRows, secrets = [] }: FolderOptions,
): Promise<Omit<OpenFolder, 'release'>> {
  const bootId = await readBootId();
  const content = await readFolder(folder);
  if (!content && hadRows) throw new DataFolderDamaged(folder, [{ file: wholeFolder, problem: 'is empty' }]);
  const verdict = content && judgeFolder(content, bootId);
  if (content && verdict) await refuseDamage(folder, content, verdict.findings);
  const identity = content?.identity ?? createIdentity(content?.witness?.id);
  const newChecks = checkSecrets(identity.secretChecks, secrets);
  await cutLogs(folder, verdict?.cuts ?? []);
  await removeLeftOvers(folder);

  const sequence = verdict?.sequence ?? 0;
  const witness: Witness = {
    id: identity.id,
    state: 'open',
    durability,
    bootId,
    opened: sequence,
    last: sequence,
  };
  // Before LevelDB opens it, because that empties the logs: a kill in between must not look like a missing log. Nor must a
  // folder that LevelDB then cannot open.
  const inLogs = verdict?.inLogs ?? sequence;
  const writer = content ? openWitness(folder, { ...witness, opened: inLogs, last: inLogs }) : undefined;
  try {
    const level = await openLevel(folder);
    const opened = writer ?? openWitness(folder, witness);
    opened.write(witness);
    if (!content?.identity || Object.keys(newChecks).length > 0) {
      await writeIdentity(folder, { ...identity, secretChecks: { ...identity.secretChecks, ...newChecks } });
    }
    return {
      level,
      writer: opened,
      witness,
      ...(verdict?.loss && { loss: verdict.loss }),
      ...(content && !isSmall(content.manifest.tables) && { unchecked: content.manifest.tables }),
    };
  } catch (error) {
    writer?.close();
    throw error;
  }
}

async function refuseDamage(folder: string, { manifest }: FolderContent, found: readonly Finding[]): Promise<void> {
  const isComplete = found.length === 0;
  const inTables = isComplete
    ? await checkTables(folder, manifest.tables, isSmall(manifest.tables) ? 'whole' : 'ends')
    : [];
  if (!isComplete || inTables.length > 0) throw new DataFolderDamaged(folder, [...found, ...inTables]);
}
