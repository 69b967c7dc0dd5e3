import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compatibilityPage } from '../svix/compatibility-page.ts';
import { readSdk } from '../svix/read-sdk.ts';

await writeFile(join(import.meta.dirname, '../../../../docs/compatibility.md'), compatibilityPage(await readSdk()));
