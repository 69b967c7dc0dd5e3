import type { Range, Storage } from '@posthorn/local-storage';

/** Reads up to `limit` rows of a range that are durable now. */
export async function readRows(
  storage: Pick<Storage, 'rows'>,
  range: Range,
  limit: number,
): Promise<readonly (readonly [key: string, value: string])[]> {
  const rows: (readonly [string, string])[] = [];
  for await (const portion of storage.rows({ ...range, limit })) rows.push(...portion);
  return rows;
}
