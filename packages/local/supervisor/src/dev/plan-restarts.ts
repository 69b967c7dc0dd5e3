import { posix } from 'node:path';

/** Something that runs code of this repository. */
export interface Runner {
  readonly name: string;
  /** The folders of its code, from the root. `services/*` is the files of that folder without those below. */
  readonly folders: readonly string[];
}

/** What must be started again, and the first of the files that changed. */
export interface PlannedRestart {
  readonly name: string;
  readonly file: string;
  readonly more: number;
}

const code = /\.([cm]?[jt]s|json|ya?ml)$/;
const testsOnly = /\.test\.[cm]?[jt]s$|\.d\.ts$|(^|\/)(fixtures|testing)\//;

/** Returns whether a process may run the file: tests, their help and documents are not run. */
const isRunCode = (file: string): boolean => code.test(file) && !testsOnly.test(file);

const isIn = (folder: string, file: string): boolean =>
  folder.endsWith('/*') ? posix.dirname(file) === folder.slice(0, -2) : file.startsWith(`${folder}/`);

/** Returns which runners use a file that has changed. */
export const planRestarts = (changed: Iterable<string>, runners: readonly Runner[]): readonly PlannedRestart[] => {
  const files = [...changed].filter(isRunCode);
  return runners.flatMap(({ name, folders }) => {
    const own = files.filter((file) => folders.some((folder) => isIn(folder, file)));
    const [file] = own;
    return file === undefined ? [] : [{ name, file, more: own.length - 1 }];
  });
};
