import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withCommands } from './commands-page.ts';

const file = join(import.meta.dirname, '../../../../docs/cli.md');
await writeFile(file, withCommands(await readFile(file, 'utf8')));
