import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and a checkout changes many files. */
const quietMs = 100;
const longestWaitMs = 1_000;
const ignored = /^(node_modules|build|coverage|dist)$|^\./;

export interface FolderWatcher {
  close(): void;
}

/**
 * Watches folders and everything below, but for dependencies, build output and hidden folders. Each folder has a watcher
 * of its own, which sees its files also when an editor replaces them. Folders that appear later are watched too.
 *
 * @param root - the folder that paths are relative to
 * @param onChange - is called with the paths that have changed, with `/`, when nothing has changed for 0.1 s
 */
export function watchFolders(
  root: string,
  folders: readonly string[],
  onChange: (paths: ReadonlySet<string>) => void,
): FolderWatcher {
  const watchers = new Map<string, FSWatcher>();
  const collect = createCollector(onChange);
  const unwatch = (folder: string) => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const add = (folder: string, isNew: boolean): void => {
    const watcher = watch(join(root, folder), (kind, name) => {
      if (name === null || ignored.test(name)) return;
      const path = `${folder}/${name}`;
      collect.add(path);
      if (kind !== 'rename') return;
      // It may be a new folder, or another one than before with the same name.
      unwatch(path);
      if (isFolder(join(root, path))) tolerate(() => add(path, true));
    });
    watcher.on('error', () => unwatch(folder));
    watchers.set(folder, watcher);
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (ignored.test(entry.name)) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) tolerate(() => add(path, isNew));
      else if (isNew) collect.add(path);
    }
  };
  for (const folder of folders) add(folder, false);
  return {
    close() {
      collect.close();
      for (const folder of folders) unwatch(folder);
    },
  };
}

/** Collects paths until nothing has changed for a moment. */
function createCollector(onChange: (paths: ReadonlySet<string>) => void) {
  let paths = new Set<string>();
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    const collected = paths;
    paths = new Set();
    onChange(collected);
  };
  return {
    add(path: string): void {
      if (paths.size === 0) since = performance.now();
      paths.add(path);
      clearTimeout(timer);
      timer = setTimeout(flush, Math.max(0, Math.min(quietMs, since + longestWaitMs - performance.now())));
    },
    close: () => clearTimeout(timer),
  };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** A folder can be gone again before it is watched. */
function tolerate(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
