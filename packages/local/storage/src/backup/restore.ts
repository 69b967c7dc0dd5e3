import { DataFolderDamaged } from '../errors.ts';
import { copyFolder, requireEmpty } from './copy-folder.ts';
import { type VerifyOptions, verify } from './verify.ts';

/**
 * Copies a folder that is not open into a new or empty one, after it was verified.
 *
 * @throws FolderNotEmpty
 * @throws DataFolderDamaged if the backup is damaged
 * @throws FolderInUse
 */
export async function restore(
  backup: string,
  folder: string,
  options: VerifyOptions = {},
): Promise<{ readonly bytes: number }> {
  await requireEmpty(folder);
  const { findings } = await verify(backup, options);
  if (findings.length > 0) throw new DataFolderDamaged(backup, findings);
  return { bytes: await copyFolder(backup, folder, 'fast', options.onProgress) };
}
