import type { TaskResultEntry } from '@posthorn/core';
import type { Found } from './found.ts';

/**
 * How far statistics are: all applications up to this one are done. If there is `after`, this one is done up to there, and
 * the entries of the following slices belong to it too.
 */
export interface StatisticsPlace {
  readonly applicationId: string;
  readonly after?: string;
}

/** What a slice adds to the result. */
export interface ResultPart {
  readonly entries: readonly TaskResultEntry[];
  /** How many applications are complete with it. */
  readonly counted: number;
  /** The length of the entries, as JSON. */
  readonly bytes: number;
  readonly place?: StatisticsPlace;
  /** Whether something was left out: the slice must end here. */
  readonly isCut: boolean;
}

export const emptyPart: ResultPart = { entries: [], counted: 0, bytes: 0, isCut: false };

/** A part of a result is one row, which can have 400 KB. */
const maxPartBytes = 200_000;

/**
 * Adds what was found to a part, application by application, as far as it has room. Nothing comes behind an application
 * that is not complete. An application that is too large for a part of its own is divided.
 */
export function addFound(part: ResultPart, [first, ...rest]: readonly Found[]): ResultPart {
  if (!first) return part;
  const bytes = part.bytes + bytesOf(first.entry);
  if (bytes > maxPartBytes) return part.entries.length > 0 ? { ...part, isCut: true } : cutPart(first.entry);
  const { entry, after } = first;
  const { applicationId } = entry;
  const entries = [...part.entries, entry];
  if (after !== undefined) return { ...part, entries, bytes, place: { applicationId, after }, isCut: true };
  return addFound({ ...part, entries, bytes, counted: part.counted + 1, place: { applicationId } }, rest);
}

/** With the comma behind it. */
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** As many event types of an application as a part has room for. */
function cutPart(entry: TaskResultEntry): ResultPart {
  if (!('eventTypes' in entry)) throw new RangeError('only a list of event types can be longer than a part');
  let bytes = bytesOf({ ...entry, eventTypes: [] });
  const fitting = entry.eventTypes.findIndex((name) => {
    bytes += bytesOf(name);
    return bytes > maxPartBytes;
  });
  const eventTypes = entry.eventTypes.slice(0, fitting);
  const { applicationId } = entry;
  const cut = { ...entry, eventTypes };
  const after = eventTypes.at(-1) ?? '';
  return { entries: [cut], counted: 0, bytes: bytesOf(cut), place: { applicationId, after }, isCut: true };
}

/** Neither ids nor names of event types have spaces. */
const separator = ' ';

export const toCursor = ({ applicationId, after }: StatisticsPlace): string =>
  after === undefined ? applicationId : `${applicationId}${separator}${after}`;

export function readCursor(cursor: string): StatisticsPlace {
  const [applicationId = '', after] = cursor.split(separator);
  return { applicationId, ...(after !== undefined && { after }) };
}
