export { copyFolder, FolderNotEmpty, requireEmpty } from './backup/copy-folder.ts';
export type { Progress } from './backup/progress.ts';
export { restore } from './backup/restore.ts';
export { type VerifyOptions, verify } from './backup/verify.ts';
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
export { isDiskFull } from './out-of-space.ts';
export { openStorage } from './storage.ts';
export type {
  Change,
  CommitOptions,
  Range,
  Row,
  RowCheck,
  Snapshot,
  Storage,
  StorageState,
  Verification,
  VerifiedRows,
} from './types.ts';
