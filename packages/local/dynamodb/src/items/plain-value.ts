import { numberSize } from './item-size.ts';

const containerBytes = 3;
const entryBytes = 1;
const maxDepth = 30;
/** A number in the form in which it is stored. dynalite checks other forms and numbers with more digits. */
const plainNumber = /^(?:0|-?(?:[1-9]\d{0,36}|(?:0|[1-9]\d{0,17})\.\d{0,17}[1-9]))$/;

/**
 * Returns the size of an item as `itemSize` does, if all its values are certainly valid and in the form in which they
 * are stored. Otherwise returns `NaN`: dynalite has to check the item.
 */
export function plainItemSize(item: unknown): number {
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? membersSize(item, 0) : Number.NaN;
}

function membersSize(members: object, depth: number): number {
  let size = 0;
  for (const name in members) {
    // Every member of the map is looked at, so its type does not matter.
    size += Buffer.byteLength(name) + plainValueSize((members as Readonly<Record<string, unknown>>)[name], depth);
  }
  return size;
}

/** Returns the size of a value, or `NaN` if it is not certainly valid. */
export function plainValueSize(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > maxDepth) return Number.NaN;
  const [type, ...others] = Object.keys(value);
  if (type === undefined || others.length > 0) return Number.NaN;
  // Its type is checked below.
  const content = (value as Readonly<Record<string, unknown>>)[type];
  switch (type) {
    case 'S':
      return typeof content === 'string' ? Buffer.byteLength(content) : Number.NaN;
    case 'N':
      return typeof content === 'string' && plainNumber.test(content) ? numberSize(content) : Number.NaN;
    case 'B':
      return typeof content === 'string' ? bytesSize(content) : Number.NaN;
    case 'BOOL':
      return typeof content === 'boolean' ? 1 : Number.NaN;
    case 'NULL':
      return content === true ? 1 : Number.NaN;
    case 'L':
      return Array.isArray(content) ? listSize(content, depth) : Number.NaN;
    case 'M':
      return typeof content === 'object' && content !== null && !Array.isArray(content)
        ? containerBytes + entryBytes * Object.keys(content).length + membersSize(content, depth + 1)
        : Number.NaN;
    default:
      // Sets are rare, and dynalite checks them.
      return Number.NaN;
  }
}

function listSize(list: readonly unknown[], depth: number): number {
  let size = containerBytes;
  for (const member of list) size += entryBytes + plainValueSize(member, depth + 1);
  return size;
}

function bytesSize(base64: string): number {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes.length : Number.NaN;
}
