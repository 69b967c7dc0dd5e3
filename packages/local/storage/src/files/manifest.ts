import { type LogDamage, scanLog } from './log-records.ts';
import { createReader } from './varint.ts';

/** A table file, as the MANIFEST describes it. */
export interface TableEntry {
  readonly number: number;
  readonly bytes: number;
}

/** What a MANIFEST says the folder has. */
export interface Manifest {
  readonly comparator: string;
  /** Logs with this number or a higher one are not in table files yet. 0 in a new folder. */
  readonly logNumber: number;
  /** A number of a change that is at least as high as that of each change in the table files. */
  readonly lastSequence: number;
  /** By file number. */
  readonly tables: ReadonlyMap<number, TableEntry>;
}

const tags = {
  comparator: 1,
  logNumber: 2,
  nextFile: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLog: 9,
};

interface Draft {
  comparator: string;
  logNumber: number;
  lastSequence: number;
  readonly tables: Map<number, TableEntry>;
}

/** Reads a MANIFEST: a log whose records each change the list of files. */
export function readManifest(bytes: Buffer): { readonly manifest: Manifest; readonly damage?: LogDamage } {
  const draft: Draft = { comparator: '', logNumber: 0, lastSequence: 0, tables: new Map() };
  let unreadable: LogDamage | undefined;
  const { damage } = scanLog(bytes, (record, end) => {
    if (unreadable) return;
    try {
      applyEdit(draft, record);
    } catch (error) {
      unreadable = { at: end - record.length, reason: String(error), endsEarly: false };
    }
  });
  const found = unreadable ?? damage;
  return { manifest: draft, ...(found ? { damage: found } : {}) };
}

function applyEdit(draft: Draft, record: Buffer): void {
  const reader = createReader(record);
  while (!reader.done()) {
    const tag = reader.number();
    switch (tag) {
      case tags.comparator:
        draft.comparator = reader.bytes().toString();
        break;
      case tags.logNumber:
        draft.logNumber = reader.number();
        break;
      case tags.lastSequence:
        draft.lastSequence = reader.number();
        break;
      case tags.nextFile:
      case tags.previousLog:
        reader.number();
        break;
      case tags.compactPointer:
        reader.number();
        reader.bytes();
        break;
      case tags.deletedFile:
        reader.number();
        draft.tables.delete(reader.number());
        break;
      case tags.newFile:
        addTable(draft, reader);
        break;
      default:
        throw new RangeError(`An entry has an unknown tag: ${tag}`);
    }
  }
}

function addTable({ tables }: Draft, reader: ReturnType<typeof createReader>): void {
  reader.number(); // Its level.
  const number = reader.number();
  tables.set(number, { number, bytes: reader.number() });
  reader.bytes(); // Its smallest and largest key.
  reader.bytes();
}
