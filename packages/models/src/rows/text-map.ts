import { ForeignRow, type Row, textOf } from './row.ts';

/** An object of texts that is stored as one JSON text. */
export function readTextMap(row: Row, attribute: string): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(textOf(row, attribute));
  if (typeof parsed !== 'object' || parsed === null) throw new ForeignRow(attribute);
  const entries = Object.entries(parsed).map(([name, value]) => {
    if (typeof value !== 'string') throw new ForeignRow(attribute);
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}
