export { DataFolderDamaged, FolderInUse, StorageFull, StorageReopening, StorageWriteFailed } from './errors.ts';
export type { StorageOptions } from './options.ts';
export { openStorage } from './storage.ts';
export type { Change, Range, Storage } from './types.ts';
