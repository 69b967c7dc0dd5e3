import type { ChangeSource } from '../rules/source.ts';
import type { NamedTable } from './table-name.ts';

/** The tables of sources, each once. */
export function tablesOf(sources: readonly ChangeSource[]): readonly NamedTable[] {
  const tables = new Map<string, NamedTable>();
  for (const { tableName, arn } of sources) {
    const known = tables.get(tableName)?.arn ?? arn;
    tables.set(tableName, { tableName, ...(known !== undefined && { arn: known }) });
  }
  return [...tables.values()];
}

/**
 * The ARN for a table of this machine, where only the table's name is read of it. Its present stream is looked for by the
 * one who reads it.
 */
export const localStreamArn = (tableName: string): string =>
  `arn:aws:dynamodb:local:000000000000:table/${tableName}/stream/present`;
