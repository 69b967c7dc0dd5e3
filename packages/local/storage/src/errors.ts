/** Another process has the folder open. */
export class FolderInUse extends Error {
  constructor(folder: string, options?: ErrorOptions) {
    super(`${folder} is in use by another process. Stop that process, or choose another folder`, options);
    this.name = 'FolderInUse';
  }
}

/** The folder could not be opened, although nothing in it is damaged: the disk is full, or a right is missing. */
export class FolderNotOpened extends Error {
  constructor(folder: string, cause: unknown) {
    super(
      `${folder} could not be opened: ${messageOf(cause)}. Nothing in it is lost. Remove the cause and start again`,
      {
        cause,
      },
    );
    this.name = 'FolderNotOpened';
  }
}

/** A write could not be made. Nothing of it is stored. The store repairs itself, so the same write can succeed later. */
export class StorageWriteFailed extends Error {
  constructor(cause: unknown) {
    super(`The store could not write: ${messageOf(cause)}. It tries again by itself. Send the request again later`, {
      cause,
    });
    this.name = 'StorageWriteFailed';
  }
}

/** The disk has too little free space, so nothing new is written. Reads go on. */
export class StorageFull extends Error {
  readonly folder: string;
  readonly freeBytes: number;
  readonly minFreeBytes: number;

  constructor({ folder, freeBytes, minFreeBytes }: { folder: string; freeBytes: number; minFreeBytes: number }) {
    super(
      `The disk of ${folder} has ${inMb(freeBytes)} MB free, but new data needs more than ${inMb(minFreeBytes)} MB. ` +
        'Free some space: writes then work again by themselves',
    );
    this.name = 'StorageFull';
    this.folder = folder;
    this.freeBytes = freeBytes;
    this.minFreeBytes = minFreeBytes;
  }
}

/** The store opens its files again after a failed write, and cannot read for a moment. */
export class StorageReopening extends Error {
  constructor() {
    super('The store opens its files again after a failed write. Send the request again');
    this.name = 'StorageReopening';
  }
}

/** What is wrong with a file of a folder, such as `CURRENT` and `is missing`. */
export interface Finding {
  readonly file: string;
  readonly problem: string;
}

/** The file of a finding that concerns all files. */
export const wholeFolder = 'the whole folder';

/** The most findings that an error names. `verify` lists all of them. */
const maxNamed = 5;

function listFindings(findings: readonly Finding[]): string {
  const named = findings.slice(0, maxNamed).map(({ file, problem }) => `${file} ${problem}`);
  const others = findings.length - named.length;
  return [...named, ...(others > 0 ? [`and ${others} more`] : [])].join('; ');
}

/** The folder is damaged or incomplete. It was not opened, and nothing in it was changed. */
export class DataFolderDamaged extends Error {
  readonly folder: string;
  readonly findings: readonly Finding[];

  constructor(folder: string, findings: readonly Finding[], options?: ErrorOptions) {
    super(
      `${folder} is damaged or incomplete: ${listFindings(findings)}. It was not opened, and nothing in it was changed. ` +
        'Put the files back as they were, restore a backup into an empty folder, or choose another folder',
      options,
    );
    this.name = 'DataFolderDamaged';
    this.folder = folder;
    this.findings = findings;
  }
}

const inMb = (bytes: number): number => Math.floor(bytes / 2 ** 20);

/** An error of LevelDB's binding has the reason in its cause. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};
