export {
  DataFolderDamaged,
  type Finding,
  FolderInUse,
  StorageFull,
  StorageReopening,
  StorageWriteFailed,
} from './errors.ts';
export type { Loss } from './folder/judge-folder.ts';
export type { StorageOptions } from './options.ts';
export { openStorage } from './storage.ts';
export type { Change, CommitOptions, Range, Row, Storage, StorageState } from './types.ts';
