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
export type { Range, Row } from './rows.ts';
export { type Change, type CommitOptions, openStorage, type Storage, type StorageState } from './storage.ts';
