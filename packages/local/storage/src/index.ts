export { restore } from './backup/backup.ts';
export { FolderNotEmpty } from './backup/copy-folder.ts';
export { verify } from './backup/verify.ts';
export {
  DataFolderDamaged,
  type Finding,
  FolderInUse,
  FolderNotOpened,
  StorageFull,
  StorageReopening,
  StorageWriteFailed,
} from './errors.ts';
export type { Loss } from './folder/judge-folder.ts';
export { type OwnSecret, SecretDiffers } from './folder/secret-checks.ts';
export type { StorageOptions } from './options.ts';
export { openStorage } from './storage.ts';
export type {
  Backup,
  Change,
  CommitOptions,
  Range,
  Row,
  RowCheck,
  Storage,
  StorageState,
  Verification,
  VerifiedRows,
} from './types.ts';
