import { basename } from 'node:path';

/**
 * Test files that take longer than most, the longest first. If one of them began last, the other workers would have
 * nothing left to do. Jest knows the times of earlier runs, but a fresh clone has none. The systems of `dev` need the most of
 * the machine, so other files are between them.
 */
export const longFiles: readonly string[] = [
  'changed-endpoint',
  'dead-endpoint',
  'dev',
  'slow-destinations',
  'background-tasks',
  'dev-crashes',
  'task-crashes',
  'damaged-folder',
  'lost-deliveries',
  'dev-delivery',
  'stopping',
  'parked-groups',
  'change-events',
  'dev-change-events',
  'moved-clock',
  'joining',
  'kills-on-full-disk',
  'stopped-store',
  'backup',
  'outbox',
  'delivery',
  'valid-requests',
];

/** Those that take a few seconds. They fill what is left at the end. Files that are in no list come before them. */
export const shortFiles: readonly string[] = ['listening', 'command-line', 'longest-first'];

/** The part of Jest's test files that is used. */
interface TestFile {
  readonly path: string;
}

/** Jest calls it with `new`. What it returns says in which order the files begin, and keeps nothing of a run. */
export default function LongestFirst() {
  return {
    sort: <File extends TestFile>(files: readonly File[]): readonly File[] =>
      files.toSorted((one, other) => placeOf(one) - placeOf(other)),
    cacheResults: () => undefined,
  };
}

function placeOf({ path }: TestFile): number {
  const name = basename(path, '.test.ts');
  if (longFiles.includes(name)) return longFiles.indexOf(name);
  return longFiles.length + (shortFiles.includes(name) ? 1 : 0);
}
