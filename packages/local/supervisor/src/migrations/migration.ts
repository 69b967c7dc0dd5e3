/** Brings a data folder from one format to the next one. */
export interface Migration {
  /**
   * Checks the folder, calls `begin`, and changes it. A kill at any moment is followed by another call, which goes on.
   *
   * @throws MigrationRefused before the first change
   */
  migrate(path: string, context: MigrationContext): Promise<void>;
  /** Deletes what the new format does not need. It is called when the folder has the new format. */
  removeOldParts(path: string, context: Pick<MigrationContext, 'beforeChange'>): Promise<void>;
}

export interface MigrationContext {
  /** An earlier call has begun, so the folder was already checked. */
  readonly hasBegun: boolean;
  /** Resolves when no other version can open the folder any more. */
  begin(): Promise<void>;
  /** Tells the operator how far it is. */
  report(text: string): void;
  /** The queues are at another endpoint, so the folder may have none. */
  readonly queuesElsewhere: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Is called before each change. If it throws, the migration ends there, and another call goes on. */
  readonly beforeChange?: ((what: string) => void) | undefined;
}

/** The migration of a folder has begun and could not be finished, for example because the disk is full. */
export class MigrationStopped extends Error {
  constructor(path: string, cause: Error) {
    super(
      `The migration of ${path} stopped: ${cause.message}. What is done so far is kept, and so are the old parts. ` +
        'Remove the cause and start again: the migration goes on',
      { cause },
    );
    this.name = 'MigrationStopped';
  }
}

const restoreOrRestart =
  'Put the files back from a backup and start again. If there is none, start the earlier version once and stop it: it ' +
  'leaves out what it cannot read. Then start this version';

/** The folder cannot be migrated. Nothing was changed. */
export class MigrationRefused extends Error {
  constructor(path: string, problems: readonly string[], advice = restoreOrRestart) {
    super(
      `The data in ${path} has the format of an earlier version, and cannot be migrated: ${problems.join('; ')}. ` +
        `Nothing was changed. ${advice}`,
    );
    this.name = 'MigrationRefused';
  }
}
