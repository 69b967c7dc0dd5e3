export { type StorageOptions, StorageWriteFailed } from './options.ts';
export { type Change, FolderInUse, openStorage, type Range, type Storage } from './storage.ts';
