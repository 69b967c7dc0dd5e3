import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withOperationsTable } from './operations-table.ts';

const file = join(import.meta.dirname, '../../../../docs/api.md');
await writeFile(file, withOperationsTable(await readFile(file, 'utf8')));
