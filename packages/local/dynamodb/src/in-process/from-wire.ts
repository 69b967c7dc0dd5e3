import { setMember } from '../members.ts';

/**
 * Copies a response of the store into the form that the SDK returns: base64 becomes bytes, and seconds become dates.
 *
 * Only an attribute value has text in a member `B`, or a list in a member `BS`, and only a date has a number in a member
 * that ends with `DateTime`. An attribute or index with such a name has an object there.
 */
export function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Not `map`: in a test with realms of its own, it would return an array of the store's realm.
  if (Array.isArray(value)) return Array.from(value, fromWire);
  const copy: Record<string, unknown> = {};
  for (const name in value) {
    // Every member of the response is looked at, so its type does not matter.
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof member === 'object')
      setMember(copy, name, name === 'BS' && Array.isArray(member) ? Array.from(member, bytesOf) : fromWire(member));
    else if (typeof member === 'string') copy[name] = name === 'B' ? bytesOf(member) : member;
    else if (typeof member === 'number')
      copy[name] = name.endsWith('DateTime') ? new Date(Math.round(member * 1_000)) : member;
    else if (member !== undefined) copy[name] = member;
  }
  return copy;
}

function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
