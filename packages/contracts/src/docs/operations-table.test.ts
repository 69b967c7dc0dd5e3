import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allOperations } from '../api/all-operations.ts';
import { operationsTable, withOperationsTable } from './operations-table.ts';

const apiDocs = join(import.meta.dirname, '../../../../docs/api.md');

describe('the operations in docs/api.md', () => {
  it('are those of the contracts (otherwise run `pnpm run docs` at the root)', async () => {
    const text = await readFile(apiDocs, 'utf8');
    expect(text).toBe(withOperationsTable(text));
  });

  it('have one row each', () => {
    const rows = operationsTable()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(Object.keys(allOperations).length);
  });

  it('have lines of at most 120 characters', () => {
    expect(
      operationsTable()
        .split('\n')
        .filter((line) => line.length > 120),
    ).toEqual([]);
  });

  it('are written only between their marks', () => {
    expect(() => withOperationsTable('no marks')).toThrow('must contain the lines');
  });
});
