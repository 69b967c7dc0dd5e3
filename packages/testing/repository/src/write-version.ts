import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText, root } from './workspace.ts';

/** Writes the version of the root's package.json into packages/core/src/version.ts. Run by `pnpm run version`. */
const file = 'packages/core/src/version.ts';
// The root's package.json always has a version.
const { version } = JSON.parse(readText('package.json')) as { readonly version: string };
writeFileSync(join(root, file), readText(file).replace(/version = '.*'/, `version = '${version}'`));
