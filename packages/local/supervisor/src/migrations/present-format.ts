import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import { type Migration, type MigrationContext, MigrationRefused, MigrationStopped } from './migration.ts';

/** A migration from one format to the next. It is loaded when a folder needs it. */
export interface FormatStep {
  readonly from: string;
  readonly to: string;
  load(): Promise<Migration>;
}

/** Each format has its step, so that a folder of any earlier format can be migrated. */
const formatSteps: readonly FormatStep[] = [
  // Tables, queues and checkpoints apart. Now they are in one storage.
  { from: '1', to: '2', load: async () => (await import('./one-store/one-store.ts')).oneStore },
];

export const presentFormat = '2';

/** What is in the file `format` while a step runs. Other versions refuse both. */
const migrating = ({ from, to }: FormatStep): string => `${from} to ${to}`;
const removingOldParts = ({ from, to }: FormatStep): string => `${to} after ${from}`;

/** Names of parts of any format. If one of them exists, the folder is not new. */
export const isData = (name: string): boolean =>
  ['store', 'dynamodb', 'sqs', 'checkpoints'].includes(name) || name.startsWith('remote-');

export interface FormatOptions extends Pick<MigrationContext, 'report' | 'queuesElsewhere' | 'now' | 'beforeChange'> {
  /** Default: the steps of Posthorn. */
  readonly steps?: readonly FormatStep[];
  readonly present?: string;
}

/**
 * Brings the data in a folder to the present format. A new folder gets it. A kill at any moment is followed by another
 * call, which goes on.
 *
 * @throws MigrationRefused, or an error about a format that is unknown or missing. Nothing was changed then.
 * @throws MigrationStopped if it has begun. Another call goes on.
 */
export async function bringToPresentFormat(path: string, options: FormatOptions): Promise<void> {
  const { steps = formatSteps, present = presentFormat, beforeChange } = options;
  const file = join(path, 'format');
  const write = async (format: string): Promise<void> => {
    beforeChange?.(`format ${format}`);
    await replaceFile(file, `${format}\n`);
  };
  let found = await readFormat(path, file);
  if (found === undefined) return write(present);
  while (found !== present) {
    const step = steps.find((one) => [one.from, migrating(one), removingOldParts(one)].includes(found ?? ''));
    if (step === undefined) throw unknownFormat(path, found, present);
    const migration = await step.load();
    if (found !== removingOldParts(step)) {
      options.report(`Migrating ${path} from format ${step.from} to ${step.to} …`);
      await migrate(migration, path, {
        ...options,
        hasBegun: found === migrating(step),
        begin: () => write(migrating(step)),
      });
      await write(removingOldParts(step));
    }
    await migration.removeOldParts(path, options);
    await write(step.to);
    found = step.to;
  }
}

async function migrate(migration: Migration, path: string, context: MigrationContext): Promise<void> {
  let { hasBegun } = context;
  const begin = async () => {
    if (!hasBegun) await context.begin();
    hasBegun = true;
  };
  try {
    await migration.migrate(path, { ...context, begin });
  } catch (error) {
    if (!hasBegun || error instanceof MigrationRefused || !(error instanceof Error) || isBug(error)) throw error;
    throw new MigrationStopped(path, error);
  }
}

/** Its stack is printed. */
const isBug = (error: Error): boolean => ['TypeError', 'ReferenceError', 'RangeError'].includes(error.name);

async function readFormat(path: string, file: string): Promise<string | undefined> {
  try {
    const [format = ''] = (await readFile(file, 'utf8')).split('\n');
    return format.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const parts = (await readdir(path)).filter(isData);
  if (parts.length === 0) return undefined;
  throw new Error(
    `${file} is missing, but there is data: ${parts.join(', ')}. Nothing was changed. Put the file back, for example ` +
      'from a backup. Its content is the number of the format: 2 if there is a folder "store", and 1 otherwise',
  );
}

const unknownFormat = (path: string, found: string, present: string): Error =>
  new Error(
    `The data in ${path} has format ${found.slice(0, 20)}, but this version of Posthorn reads format ${present}. ` +
      'Nothing was changed. Run the version that wrote it, or set POSTHORN_DATA_DIR to another folder',
  );
